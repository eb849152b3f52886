"""Real rights on real records: profile × object × every address that takes a record, and every page that could give something away.

The addresses come from the URL configuration. A new one with a `record_id` is asked here at once: whoever does not see the record
must not find it, and whoever may only look must not change it. What a profile hides must stand on no page at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from kakehashi.core.actors import SYSTEM
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.actions import add_member
from kakehashi.crm.orgs.models import Org, Role
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from tests.access.addresses import Address, tenant_addresses
from tests.access.world import things_of_the_crm
from tests.makers.belongings import make_file, make_note, make_tag
from tests.makers.bridge import make_joined
from tests.makers.crm import make_member, make_person, make_profile, make_record
from tests.makers.desk import make_ticket
from tests.makers.questions import make_question
from tests.makers.sessions import Sessions

OBJECTS = ("own", "team", "other", "nobody's", "deleted")
PROFILES = {  # view, edit (and delete)
    "everything": ("all", "all"),
    "read only": ("all", "none"),
    "all, own": ("all", "own"),
    "team": ("team", "own"),
    "own": ("own", "own"),
    "no access": ("none", "none"),
}
SEEN = {
    "all": {"own", "team", "other", "nobody's"},
    "team": {"own", "team"},
    "own": {"own"},
    "none": set(),
}
# Who must be refused, one of each reason; the queries themselves are compared for all in tests/crm/test_rights.py.
ASKED = (
    ("own", "other"),
    ("own", "nobody's"),
    ("team", "other"),
    ("no access", "own"),
    ("read only", "own"),
    ("all, own", "other"),
    ("team", "team"),
)
# What may be sent to by who can only see a record: it changes nothing of the record itself.
LOOKS = {"crm_similar"}
SECRET = "98765432100"
HIDDEN_NAME = "Unsichtbar"


@dataclass(frozen=True)
class World:
    org: Org
    people: dict[str, Person]
    records: dict[str, dict[str, Record]] = field(default_factory=dict)  # profile -> object -> record
    parameters: dict[str, object] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)

    def parameters_of(self, record: Record) -> dict[str, object]:
        return {**self.parameters, "record_id": record.pk, **self.belongings[record.pk]}

    belongings: dict[int, dict[str, object]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        made = make_world()
    yield made
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def make_world() -> World:
    joined = make_joined()
    org = joined.org
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    below = make_member(org, family_name="Below", language="en")  # stands at "Sales", below the others
    beside = make_member(org, family_name="Beside", language="en")
    beside.membership.role = Role.objects.create(org=org, name="Beside", parent=top)
    beside.membership.save()
    middle = Role.objects.create(org=org, name="Middle", parent=top)
    sales.parent = middle
    sales.save()
    people = {}
    for name, (view, edit) in PROFILES.items():
        rights = {"view": view, "edit": edit, "delete": edit, "export": True, "create": edit != "none", "import": True}
        profile = make_profile(org, name=name, module_rights={"default": rights})
        people[name] = make_person(family_name=name, language="en")
        add_member(org, person=people[name], profile=profile, role=middle, actor=SYSTEM)
    world = World(org, people, parameters=things_of_the_crm(org, joined.administrator, below))
    world.parameters["question_id"] = question_of(world, make_ticket(joined.portal), joined.administrator.person)
    for name, person in people.items():
        owners = {"own": person, "team": below.person, "other": beside.person, "deleted": person}
        world.records[name] = {kind: make_object(world, kind, owners.get(kind)) for kind in OBJECTS}
    world.sessions.begin(*people.values())
    return world


def question_of(world: World, ticket: Ticket, person: Person) -> int:
    """Put to somebody else, about a record that everybody may be told of."""
    make_record(world.org, "Contacts", owner=person)
    return make_question(ticket.portal, person).pk


def make_object(world: World, kind: str, owner: Person | None) -> Record:
    values = {} if owner else {"Owner": None}
    record = make_record(world.org, "Contacts", owner=owner, Phone="+81 3 1111 2222", **values)
    world.belongings[record.pk] = {
        "note_id": make_note(record).pk,
        "file_id": make_file(record).pk,
        "tag_id": make_tag(record).pk,
    }
    return delete_record(record, actor=SYSTEM) if kind == "deleted" else record


def record_addresses() -> list[Address]:
    return [one for one in tenant_addresses() if "record_id" in one.parameters and one.name.startswith("crm_")]


@pytest.mark.django_db
@pytest.mark.parametrize("address", record_addresses(), ids=lambda address: address.name)
def test_no_address_of_a_record_opens_it_to_who_may_not(world: World, address: Address) -> None:
    wrong = []
    for name, kind in ASKED:
        view, edit = PROFILES[name]
        for method in ("get", "post"):
            status = ask(world, name, method, address, world.records[name][kind]).status_code
            assert status < 500
            if kind not in SEEN[view] and status not in (404, 405):
                wrong.append((name, kind, method, status, "is found without being seen"))
            is_look = kind not in SEEN[edit] and address.name not in LOOKS
            if method == "post" and kind in SEEN[view] and is_look and status < 400:
                wrong.append((name, kind, method, status, "is changed by who may only look"))
    assert wrong == []


@pytest.mark.django_db
def test_what_may_be_seen_opens(world: World) -> None:
    """The other side of the coin: rights that let nothing through would pass the test above."""
    page = next(address for address in record_addresses() if address.name == "crm_record")
    form = next(address for address in record_addresses() if address.name == "crm_record_edit")
    for name, (view, edit) in PROFILES.items():
        for kind, record in world.records[name].items():
            may_see, may_change = kind in SEEN[view], kind in SEEN[edit]
            if kind == "deleted":  # who could see it reads that it is in the recycle bin
                assert ask(world, name, "get", page, record).status_code == (410 if view != "none" else 404)
                continue
            assert ask(world, name, "get", page, record).status_code == (200 if may_see else 404), (name, kind)
            expected = 404 if not may_see else 200 if may_change else 403
            assert ask(world, name, "get", form, record).status_code == expected, (name, kind)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PROFILES)
def test_bulk_deeds_reach_only_what_the_profile_reaches(world: World, name: str) -> None:
    """Deleting and restoring many at once: the ids are sent, the rights decide."""
    _view, edit = PROFILES[name]
    client = client_of(world, name)
    base = f"/crm/{world.org.pk}/Contacts"
    ids = {kind: record.pk for kind, record in world.records[name].items()}
    with transaction.atomic():
        client.post(f"{base}/deletion", {"selected": list(ids.values())})
        gone = {kind for kind, pk in ids.items() if Record.objects.get(pk=pk).deleted_at and kind != "deleted"}
        transaction.set_rollback(True)
    assert gone == SEEN[edit]
    with transaction.atomic():
        client.post(f"{base}/restoration", {"selected": ids["deleted"]})
        is_back = Record.objects.get(pk=ids["deleted"]).deleted_at is None
        transaction.set_rollback(True)
    assert is_back == (edit in ("own", "team", "all"))


# Nothing is given away: not a hidden field, not a record that is not seen


@pytest.mark.django_db
def test_a_hidden_value_stands_on_no_page(world: World) -> None:
    org = world.org
    field_id = schema_of(org)["Contacts"].fields["Phone"].id
    profile = make_profile(
        org, permissions=["see_all_records", "edit_records", "export_records"], field_rights={str(field_id): "hidden"}
    )
    member = make_member(org, profile=profile.name, language="en")
    record = world.records["everything"]["own"]
    update_record(record, values={"Phone": f"+{SECRET}"}, actor=SYSTEM)
    client = Client()
    client.force_login(member.person)
    for address in readable_addresses():
        answer = read(client, address.fill(world.parameters_of(record)))
        assert SECRET not in answer, address.name
    for query in (SECRET, SECRET[-6:]):
        for path in (
            f"search?q={query}",
            f"Contacts/?q={query}",
            f"Contacts/choices?q={query}",
            f"Contacts/duplicates?Mobile=%2B{query}",
        ):
            answer = read(client, f"/crm/{org.pk}/{path}", fragment=path.startswith("search"))
            assert f"/Contacts/{record.pk}" not in answer, path
            assert f'"value": "{record.pk}"' not in answer, path
    seen = Client()
    seen.force_login(world.people["everything"])
    assert SECRET in read(seen, f"/crm/{org.pk}/Contacts/{record.pk}/"), "the test can fail"


@pytest.mark.django_db
def test_a_record_that_is_not_seen_is_named_on_no_page(world: World) -> None:
    other = world.records["own"]["other"]
    update_record(other, values={"Last_Name": HIDDEN_NAME}, actor=SYSTEM)
    client = client_of(world, "own")
    for address in readable_addresses():
        if "record_id" not in address.parameters:
            assert HIDDEN_NAME not in read(client, address.fill(world.parameters)), address.name
    base = f"/crm/{world.org.pk}"
    for path in (
        f"search?q={HIDDEN_NAME}",
        f"Contacts/choices?q={HIDDEN_NAME}",
        f"Contacts/duplicates?Last_Name={HIDDEN_NAME}",
        f"Deals/new?Contact_Name={other.pk}",
        f"Deals/?Contact_Name={other.pk}",
    ):
        answer = read(client, f"{base}/{path}", fragment=path.startswith("search"))
        assert f"{HIDDEN_NAME}<" not in answer, path
        assert f'"{HIDDEN_NAME}' not in answer, path
    answer = client.post(f"{base}/Deals/new", {"Deal_Name": "x", "Stage": "Qualification", "Contact_Name": other.pk})
    assert answer.status_code in (403, 422), "nobody points at what they cannot see"
    assert HIDDEN_NAME not in answer.content.decode()


def readable_addresses() -> list[Address]:
    """Pages of the CRM that answer a GET."""
    return [one for one in tenant_addresses() if one.name.startswith("crm_")]


def read(client: Client, path: str, *, fragment: bool = False) -> str:
    answer = client.get(path, headers={"HX-Request": "true"} if fragment else {})
    if answer.status_code != 200:
        return ""
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")  # type: ignore[arg-type]
    return answer.content.decode(errors="replace")


def client_of(world: World, name: str) -> Client:
    return world.sessions.client_of(world.people[name])


def ask(world: World, name: str, method: str, address: Address, record: Record) -> HttpResponse:
    """Whatever it does is taken back."""
    with transaction.atomic():
        response = getattr(client_of(world, name), method)(address.fill(world.parameters_of(record)))
        transaction.set_rollback(True)
    return response
