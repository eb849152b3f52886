"""Design §6, invariants 6–8, over drawn worlds: a pause changes nothing, a plan is what is then done, an undo is the way back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kakehashi.bridge.connection.actions import connect, pause, resume
from kakehashi.bridge.sync.approving import approve_plan, latest_plan
from kakehashi.bridge.sync.models import Link, Run
from kakehashi.bridge.sync.outcome_models import JournalRow, PlanRow
from kakehashi.bridge.sync.runs import start_run
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.bridge.sync.undoing import undo
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import ProductError
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_two_way
from tests.makers.crm import make_org, make_person, make_record
from tests.makers.desk import MAKER, make_contact, make_portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y2", "Y8", "Y9")]
FEW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NUMBERS = st.sampled_from(["", "1", "22", "333"])
DEEDS = st.tuples(st.sampled_from(["phone", "title", "delete", "restore", "make"]), st.integers(0, 2), NUMBERS)
NAMES = st.sampled_from(["相沢", "戸田", "森本"])
PEOPLE = st.lists(st.tuples(NAMES, st.integers(0, 4), NUMBERS), max_size=5)


@FEW
@given(deeds=st.lists(DEEDS, min_size=3, max_size=10))
def test_a_pause_of_any_length_ends_in_the_same_state_as_none(deeds: Sequence[tuple[str, int, str]]) -> None:
    """Phones are typed in the CRM and titles in the Desk, so that no rule has to choose by who came first."""
    without, paused = _pairs_in_step(), _pairs_in_step()
    pause(paused.connection, actor=MAKER)
    for deed in deeds:
        _do(without, *deed)
        run_until_idle()
        _do(paused, *deed)
    resume(paused.connection, actor=MAKER)
    run_until_idle()
    assert _picture(without) == _picture(paused)


def _pairs_in_step() -> Joined:
    joined = make_two_way(modules=["contacts"])
    for number in range(3):
        make_record(joined.org, Last_Name=f"相沢{number}", Email=f"p{number}@x.example")
    run_until_idle()
    return joined


def _do(joined: Joined, deed: str, place: int, value: str) -> None:
    record = _records(joined)[place]
    contact = Contact.objects.select_related("portal").get(portal=joined.portal, email=f"p{place}@x.example")
    if deed == "make":
        make_record(joined.org, Last_Name="戸田", Phone=value)
    elif deed == "delete" and not record.deleted_at:
        delete_record(record, actor=SYSTEM)
    elif deed == "restore" and record.deleted_at:
        restore_record(record, actor=SYSTEM)
    elif deed == "phone" and not record.deleted_at:
        update_record(record, values={"Phone": value}, actor=SYSTEM)
    elif deed == "title" and not record.deleted_at:  # else its partner is gone in one of the two worlds already
        update_contact(contact, values={"title": value}, actor=MAKER)


def _records(joined: Joined) -> list[Record]:
    return list(Record.objects.select_related("module__org").filter(org=joined.org).order_by("pk"))


def _picture(joined: Joined) -> tuple[list[Any], list[Any]]:
    """Of what lies in a recycle bin only who it is: an edit just before the deletion need not have been carried there."""
    crm = [
        (one.name, None if one.deleted_at else (one.values.get("Phone"), one.values.get("Title")))
        for one in _records(joined)
    ]
    rows = Contact.objects.filter(portal=joined.portal)
    desk = [(one.last_name, None if one.deleted_at else (one.phone or None, one.title or None)) for one in rows]
    return sorted(crm, key=str), sorted(desk, key=str)


@FEW
@given(crm=PEOPLE, desk=PEOPLE, direction=st.sampled_from(list(Direction)))
def test_what_is_planned_is_what_is_then_done(
    crm: Sequence[tuple[str, int, str]], desk: Sequence[tuple[str, int, str]], direction: str
) -> None:
    person = make_person()
    org, portal = make_org(administrator=person), make_portal(administrator=person)
    for name, address, phone in crm:
        try:
            make_record(org, Last_Name=name, Email=f"p{address}@x.example" if address else "", Phone=phone)
        except ProductError:
            continue  # the CRM lets an address belong to one contact only
    for name, address, phone in desk:
        email = f"p{address}@x.example" if address else ""
        make_contact(portal, firstName="", lastName=name, email=email, phone=phone)
    connection = connect(
        org_id=org.pk, portal_id=portal.pk, modules=["contacts"], actor=person.as_actor(), plans_first=True
    )
    SyncedModule.objects.filter(connection=connection).update(direction=direction)
    run_until_idle()
    approve_plan(connection, actor=person.as_actor())
    run_until_idle()
    rows = PlanRow.objects.filter(run=latest_plan(connection))
    lines = list(JournalRow.objects.filter(connection=connection))
    assert Counter(_promise(row) for row in rows if row.kind in ("create", "link")) == Counter(
        _deed(line, lines) for line in lines if line.kind in ("created", "linked")
    )
    held = Link.objects.filter(connection=connection, state="held")
    assert Counter((row.crm_id, row.desk_id) for row in rows if row.kind == "hold") == Counter(
        held.values_list("crm_id", "desk_id")
    )


def _promise(row: PlanRow) -> tuple[Any, ...]:
    changes = sorted((name, old, new, side) for name, (old, new, side) in row.changes.items())
    return row.kind, row.crm_id, row.desk_id, str(changes)


def _deed(line: JournalRow, lines: Sequence[JournalRow]) -> tuple[Any, ...]:
    """What was made counts with the record that it was made for; what was linked, with all that was written because of it."""
    if line.kind == "created":
        written = [line]
        crm_id, desk_id = (line.crm_id, None) if line.side == "desk" else (None, line.desk_id)
    else:
        written = [one for one in lines if one.kind == "updated" and one.crm_id == line.crm_id]
        crm_id, desk_id = line.crm_id, line.desk_id
    changes = sorted((name, old, new, one.side) for one in written for name, (old, new) in one.changes.items())
    return "create" if line.kind == "created" else "link", crm_id, desk_id, str(changes)


FIELDS = {"Phone": "phone", "Title": "title", "Mobile": "mobile"}
THERE = {"Mailing_City": "city", "Mailing_Street": "street"}


@FEW
@given(
    before=st.fixed_dictionaries(dict.fromkeys((*FIELDS, *THERE), NUMBERS)),
    here=st.dictionaries(st.sampled_from(sorted(FIELDS)), NUMBERS, min_size=1),
    there=st.dictionaries(st.sampled_from(sorted(THERE.values())), NUMBERS),
)
def test_taking_back_what_was_carried_across_is_the_way_back(
    before: Mapping[str, str], here: Mapping[str, str], there: Mapping[str, str]
) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Email="m@x.example", **before)
    run_until_idle()
    contact = Contact.objects.select_related("portal").get(portal=joined.portal)
    last = JournalRow.objects.filter(connection=joined.connection).latest("pk").pk
    update_record(record, values=here, actor=SYSTEM)
    update_contact(contact, values=there, actor=MAKER)
    run_until_idle()
    undo(joined.connection, list(JournalRow.objects.filter(connection=joined.connection, pk__gt=last)), actor=MAKER)
    start_run(joined.connection, Run.Kind.COMPARE)
    run_until_idle()
    contact.refresh_from_db()
    record.refresh_from_db()
    assert {name: getattr(contact, desk) for name, desk in FIELDS.items()} == {name: before[name] for name in FIELDS}
    assert {name: record.values.get(name) or "" for name in THERE} == {name: before[name] for name in THERE}
    assert {name: record.values.get(name) or "" for name in here} == dict(here), "what people typed stays"
