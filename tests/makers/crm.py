"""Orgs, members and records for tests. Three people everywhere: an administrator, a CRM user, and a stranger from another org."""

import itertools
from collections.abc import Iterable
from typing import Any

from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.crm.list_views.actions import Audience, ShownList, save_view
from kakehashi.crm.list_views.models import ListView
from kakehashi.crm.list_views.views import default_columns
from kakehashi.crm.mass_actions.actions import start_mass_update
from kakehashi.crm.mass_actions.models import MassAction
from kakehashi.crm.mass_actions.selection import Selection
from kakehashi.crm.modules.queries import find_module
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.actions import ADMINISTRATOR, STANDARD, add_member, create_org
from kakehashi.crm.orgs.models import Org, Profile
from kakehashi.crm.orgs.rights import RECORD_PERMISSIONS, ModuleRights, Scope
from kakehashi.crm.records.actions import create_record
from kakehashi.crm.records.models import Record
from kakehashi.identity.people.models import Person

_numbers = itertools.count(1)
PASSWORD = "correct horse battery"


def make_person(*, family_name: str = "高瀬", given_name: str = "悠", language: str = "ja", email: str = "") -> Person:
    return Person.objects.create_user(
        email or f"person-{next(_numbers)}@example.com",
        PASSWORD,
        family_name=family_name,
        given_name=given_name,
        language=language,
    )


def make_org(*, administrator: Person | None = None, name: str = "みなも計測株式会社", language: str = "ja") -> Org:
    return create_org(name=name, administrator=administrator or make_person(language=language), language=language)


def make_member(org: Org, *, profile: str = STANDARD, permissions: list[str] | None = None, **person: Any) -> CrmAccess:
    """A colleague in the org; with `permissions` their profile holds just those."""
    held = Profile.objects.get(org=org, name=profile)
    if permissions is not None:
        held = make_profile(org, permissions=permissions)
    someone = make_person(**{"family_name": "戸田", "given_name": "陸", **person})
    add_member(org, person=someone, profile=held, actor=SYSTEM)
    return find_access(someone, org.pk)


def make_profile(org: Org, *, permissions: Iterable[str] = (), **rights: Any) -> Profile:
    """A profile by codes, those about records for every module; `rights` are more columns, such as `field_rights`."""
    codes = set(permissions)
    view = Scope.ALL if "see_all_records" in codes else Scope.OWN
    held = ModuleRights(
        view,
        view if "edit_records" in codes else Scope.NONE,
        view if "delete_records" in codes else Scope.NONE,
        may_create="create_records" in codes,
        may_import="import_records" in codes,
        may_export="export_records" in codes,
    )
    modules = {"default": held.as_json(), **rights.pop("module_rights", {})}
    general = sorted(codes - set(RECORD_PERMISSIONS))
    name = rights.pop("name", f"Profile {next(_numbers)}")
    return Profile.objects.create(org=org, name=name, permissions=general, module_rights=modules, **rights)


def make_administrator(org: Org, **person: Any) -> CrmAccess:
    return make_member(org, profile=ADMINISTRATOR, **person)


def make_stranger() -> Person:
    """A person who is at home in another org and must not learn anything of this one."""
    person = make_person(family_name="他社", given_name="太郎")
    make_org(administrator=person, name="別会社")
    return person


def make_record(
    org: Org, module: str = "Contacts", *, actor: Actor = SYSTEM, owner: Person | None = None, **values: Any
) -> Record:
    """A record with what its module requires, unless given."""
    required: dict[str, dict[str, Any]] = {
        "Contacts": {"Last_Name": "相沢"},
        "Leads": {"Last_Name": "相沢"},
        "Accounts": {"Account_Name": f"取引先 {next(_numbers)}"},
        "Deals": {"Deal_Name": "ロガー増設", "Stage": "Qualification"},
        "Products": {"Product_Name": "温度ロガー TL-200"},
    }
    return create_record(
        find_module(org, module), values={**required.get(module, {}), **values}, actor=actor, owner=owner
    )


def make_view(access: CrmAccess, module: str = "Contacts", *conditions: Condition, **options: Any) -> ListView:
    """A view of one's own; `sharing`, `role_ids` and `person_ids` say who else has it."""
    schema = access.schema[module]
    shown = ShownList(
        filter_of(*conditions), options.pop("columns", default_columns(schema)), options.pop("sort", "name")
    )
    name = options.pop("name", f"View {next(_numbers)}")
    return save_view(
        access.org,
        module=schema,
        name=name,
        shown=shown,
        audience=Audience(**options),
        owner=access.person,
        actor=access.actor,
    )


def make_mass_update(access: CrmAccess, *records: Record, **changes: Any) -> MassAction:
    """Few enough to be done when this comes back."""
    module = access.schema.by_id[records[0].module_id]
    selection = Selection(ids=tuple(record.pk for record in records))
    return start_mass_update(access, module=module, selection=selection, changes=changes or {"Title": "課長"})
