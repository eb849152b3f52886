"""What profiles and roles let people see and change: one query layer, and a schema per person."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.actions import add_member
from kakehashi.crm.orgs.models import Membership, Org, Role
from kakehashi.crm.orgs.rights import ModuleRights, ProfileRights, Scope, read_rights
from kakehashi.crm.orgs.team import RoleTree
from kakehashi.crm.records.queries import (
    deletable_records,
    editable_records,
    find_editable,
    found_by,
    values_of,
    visible_records,
)
from tests.makers.crm import make_member, make_org, make_person, make_profile, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


def with_field(org: Org, field: str, right: str, module: str = "Accounts") -> CrmAccess:
    field_id = schema_of(org)[module].fields[field].id
    profile = make_profile(org, permissions=["see_all_records", "edit_records"], field_rights={field_id: right})
    return make_member(org, profile=profile.name)


def with_scopes(org: Org, view: str, edit: str = "none", *, role: Role | None = None) -> CrmAccess:
    rights = {"default": {"view": view, "edit": edit, "delete": edit}}
    person = make_person()
    add_member(org, person=person, profile=make_profile(org, module_rights=rights), role=role, actor=SYSTEM)
    return find_access(person, org.pk)


def test_a_hidden_field_is_not_in_the_schema_but_stays_in_the_record(org: Org) -> None:
    record = make_record(org, "Accounts", Annual_Revenue="5000000", Phone="+81 3 1234 5678")
    access = with_field(org, "Annual_Revenue", "hidden")
    module = access.schema["Accounts"]
    assert "Annual_Revenue" not in module.fields
    assert "Annual_Revenue" not in values_of(record, module)
    assert values_of(record, module)["Phone"]


def test_a_read_only_field_is_shown_and_marked(org: Org) -> None:
    field = with_field(org, "Phone", "read_only").schema["Accounts"].fields["Phone"]
    assert field.is_read_only


def test_the_name_and_the_owner_cannot_be_hidden(org: Org) -> None:
    fields = with_field(org, "Account_Name", "hidden").schema["Accounts"].fields
    assert "Account_Name" in fields


def test_a_module_that_may_not_be_seen_is_not_there(org: Org) -> None:
    deals = schema_of(org)["Deals"].id
    profile = make_profile(org, permissions=["see_all_records"], module_rights={str(deals): {"view": "none"}})
    access = make_member(org, profile=profile.name)
    assert "Deals" not in access.schema
    with pytest.raises(NotFound):
        access.schema["Deals"]


def test_who_may_see_but_not_change_reads_who_can(org: Org) -> None:
    owner = with_scopes(org, "own", "own")
    record = make_record(org, owner=owner.person)
    with pytest.raises(NotAllowed) as refused:
        find_editable(with_scopes(org, "all", "own"), "Contacts", record.pk)
    assert owner.person.name in str(refused.value.who_can)


def test_nobody_changes_what_they_cannot_see() -> None:
    rights = read_rights({"default": {"view": "own", "edit": "all", "delete": "team"}}, {}).default
    assert (rights.edit, rights.delete) == (Scope.OWN, Scope.OWN)


def test_a_hidden_value_does_not_give_its_record_away_in_search(org: Org) -> None:
    record = make_record(org, "Accounts", Account_Name="Tsukimizaka", Phone="+81 3 1234 5678")
    access = with_field(org, "Phone", "hidden")
    module = access.schema["Accounts"]
    records = visible_records(access, module)
    assert list(found_by(records, module, "tsukimi")) == [record]
    assert not found_by(records, module, "12345678")


def test_records_without_an_owner_are_seen_by_who_sees_all(org: Org) -> None:
    record = make_record(org, Owner=None)
    top = Role.objects.get(org=org, parent=None)
    for view, is_seen in (("all", True), ("team", False), ("own", False)):
        access = with_scopes(org, view, role=top)
        assert visible_records(access, access.schema["Contacts"]).filter(pk=record.pk).exists() == is_seen


def test_the_holder_of_a_unique_value_is_named_only_to_who_may_see_it(org: Org) -> None:
    Field.objects.filter(org=org, module__api_name="Accounts", api_name="Phone").update(is_unique=True)
    bump_schema(org)
    make_record(org, "Accounts", Account_Name="Tsukimizaka", Phone="+81 3 1234 5678")
    for scope, is_named in (("all", True), ("own", False)):
        with pytest.raises(InvalidValues) as refused:
            values = {"Phone": "+81 3 1234 5678"}
            make_record(org, "Accounts", actor=with_scopes(org, scope, scope).actor, **values)
        assert ("Tsukimizaka" in str(refused.value.by_field["Phone"])) == is_named


def test_a_required_value_is_asked_of_those_who_can_fill_it_in(org: Org) -> None:
    hidden = with_field(org, "Industry", "hidden")
    Field.objects.filter(org=org, module__api_name="Accounts", api_name="Industry").update(is_required=True)
    bump_schema(org)
    assert "Industry" not in make_record(org, "Accounts", actor=hidden.actor).values
    with pytest.raises(InvalidValues):
        make_record(org, "Accounts", actor=make_member(org).actor)


trees = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, places=st.lists(st.integers(0, 5), min_size=2, max_size=4), scopes=st.data())
def test_the_database_finds_what_the_definition_says(
    org: Org, tree: list[tuple[int, bool]], places: list[int], scopes: Any
) -> None:
    """For random trees, people and scopes: SQL and the plain definition agree, record by record."""
    roles: list[Role] = []
    Membership.objects.exclude(profile__is_administrator=True).filter(org=org).delete()
    for number, (parent, shares) in enumerate(tree):
        above = roles[parent % number] if number else None
        name = f"role {number} {Role.objects.count()}"
        roles.append(Role.objects.create(org=org, name=name, parent=above, shares_with_peers=shares))
    held = [scopes.draw(st.tuples(st.sampled_from(Scope), st.sampled_from(Scope))) for _ in places]
    people = [
        with_scopes(org, view.key, edit.key, role=roles[place % len(roles)])
        for place, (view, edit) in zip(places, held, strict=True)
    ]
    records = [make_record(org, owner=access.person) for access in people] + [make_record(org, Owner=None)]
    for access in people:
        for found, permission in ((visible_records, "see_all_records"), (editable_records, "edit_records")):
            ids = {record.pk for record in found(access, schema_of(org)["Contacts"]) if record in records}
            assert ids == {record.pk for record in records if reaches(access, permission, record.owner_id)}
        assert set(deletable_records(access, schema_of(org)["Contacts"])) <= set(
            visible_records(access, schema_of(org)["Contacts"])
        )


def reaches(access: CrmAccess, permission: str, owner_id: int | None) -> bool:
    """The definition, written down once more in the simplest way."""
    rights = access.rights.default
    scope = rights.view if permission == "see_all_records" else min(rights.view, rights.edit)
    if scope in (Scope.ALL, Scope.NONE) or owner_id is None:
        return scope == Scope.ALL
    if owner_id == access.person.pk:
        return True
    if scope == Scope.OWN:
        return False
    mine, theirs = access.membership.role, Membership.objects.get(org=access.org, person_id=owner_id).role
    if mine == theirs:
        return bool(mine and mine.shares_with_peers)
    while theirs is not None:
        theirs = theirs.parent
        if theirs == mine:
            return True
    return False


def test_the_tree_knows_who_stands_below() -> None:
    tree = RoleTree({1: None, 2: 1, 3: 2, 4: 1}, frozenset({4}))
    assert tree.below(1) == {2, 3, 4}
    assert tree.reach(2) == {3}
    assert tree.reach(4) == {4}


def test_see_all_is_held_only_by_who_sees_all_modules() -> None:
    rights = ProfileRights(ModuleRights(Scope.ALL), ((1, ModuleRights(Scope.OWN, may_create=True)),))
    assert rights.permissions([1, 2]) == {"create_records"}
    assert rights.permissions([2]) == {"see_all_records"}
