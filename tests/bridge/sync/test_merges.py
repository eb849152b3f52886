"""Merges in the CRM travel, and come back: no ticket is lost to the customer, no Desk contact to its tickets (design §6)."""

from collections.abc import Callable
from typing import Any

import pytest

from kakehashi.bridge.related_lists.queries import party_of
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.setting_models import Direction, SyncedModule
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.merging.undoing import unmerge
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.record_merging.models import RecordMerge
from kakehashi.desk.record_merging.undoing import unmerge as unmerge_in_desk
from tests.crm.test_merging import merge
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER, make_contact, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "R3")]
Drain = Callable[[], int]


def contact_of(joined: Joined, record: Record) -> Contact:
    link = Link.objects.get(connection=joined.connection, crm_id=record.pk)
    return Contact.objects.get(pk=link.desk_id)


def shown_contacts(joined: Joined, record: Record) -> set[int]:
    crm = crm_side(joined.org.pk)
    return set(party_of(joined.connection, crm, crm.fetch("Contacts", [record.pk])[record.pk]).contact_ids)


def pictures(joined: Joined) -> list[Any]:
    return list(Link.objects.order_by("crm_id").values_list("crm_id", "desk_id", "state", "ending"))


def test_both_desk_contacts_stay_and_the_survivor_shows_the_tickets_of_both(drain: Drain) -> None:
    joined = make_joined()
    kept = make_record(joined.org, Last_Name="相沢", Email="a@a.example")
    gone = make_record(joined.org, Last_Name="相澤", Email="b@a.example")
    drain()
    desk_kept, desk_gone = contact_of(joined, kept), contact_of(joined, gone)
    make_ticket(joined.portal, contact=desk_gone)
    before = pictures(joined)
    done = merge(kept, gone)
    assert shown_contacts(joined, kept) == {desk_kept.pk, desk_gone.pk}, "at once, before the sync looked"
    drain()
    assert not Contact.objects.filter(deleted_at__isnull=False).exists()
    assert shown_contacts(joined, kept) == {desk_kept.pk, desk_gone.pk}
    assert Link.objects.get(crm_id=gone.pk).ending == "merged"
    unmerge(schema_of(joined.org), done, actor=SYSTEM)
    drain()
    assert pictures(joined) == before
    assert shown_contacts(joined, kept) == {desk_kept.pk}
    assert not Dirty.objects.exists()


def test_a_desk_contact_without_tickets_is_not_deleted_by_a_merge(drain: Drain) -> None:
    joined = make_joined()
    kept, gone = make_record(joined.org, Last_Name="相沢"), make_record(joined.org, Last_Name="相澤")
    drain()
    merge(kept, gone)
    drain()
    assert Contact.objects.filter(portal=joined.portal, deleted_at=None).count() == 2


def test_a_survivor_without_a_partner_takes_over_that_of_the_merged_and_gives_it_back(drain: Drain) -> None:
    joined = make_joined()
    gone = make_record(joined.org, Last_Name="相澤", Email="b@a.example")
    drain()
    partner = contact_of(joined, gone)
    kept = make_record(joined.org, Last_Name="相沢")
    done = merge(kept, gone, Email="b@a.example")
    drain()
    link = Link.objects.get(crm_id=kept.pk)
    assert (link.desk_id, link.state) == (partner.pk, "live")
    assert Contact.objects.get().last_name == "相沢"
    unmerge(schema_of(joined.org), done, actor=SYSTEM)
    drain()
    assert contact_of(joined, gone) == partner
    assert Link.objects.get(crm_id=gone.pk).state == "live"
    partner.refresh_from_db()
    assert partner.last_name == "相澤"
    assert contact_of(joined, kept) != partner
    update_record(Record.objects.get(pk=gone.pk), values={"Phone": "1"}, actor=SYSTEM)
    drain()
    partner.refresh_from_db()
    assert partner.phone == "1"
    assert not Dirty.objects.exists()


def _merge_in_desk(survivor: Contact, loser: Contact) -> RecordMerge:
    survivor.refresh_from_db()
    loser.refresh_from_db()
    versions = {one.pk: one.version for one in (survivor, loser)}
    return merge_records(survivor.portal, CONTACT, survivor_id=survivor.pk, versions=versions, values={}, actor=MAKER)


def test_a_merge_in_the_desk_takes_the_link_along_and_gives_it_back(drain: Drain) -> None:
    joined = make_joined()
    record = make_record(joined.org, Last_Name="相沢", Email="a@a.example")
    drain()
    linked, other = contact_of(joined, record), make_contact(joined.portal, email="b@a.example")
    drain()
    before = pictures(joined)
    done = _merge_in_desk(other, linked)
    drain()
    assert contact_of(joined, record) == other
    record.refresh_from_db()
    assert record.deleted_at is None
    unmerge_in_desk(joined.portal, done.pk, actor=MAKER)
    drain()
    assert pictures(joined) == before
    assert not Dirty.objects.exists()


@pytest.mark.parametrize("direction", [Direction.TO_DESK, Direction.BOTH])
def test_a_merge_of_two_linked_desk_contacts_deletes_nobody_in_the_crm(drain: Drain, direction: Direction) -> None:
    joined = make_joined()
    records = [make_record(joined.org, Last_Name=name, Email=f"{name}@a.example") for name in ("a", "b")]
    drain()
    SyncedModule.objects.filter(connection=joined.connection).update(direction=direction)
    kept, gone = (contact_of(joined, record) for record in records)
    before = pictures(joined)
    done = _merge_in_desk(kept, gone)
    drain()
    assert not Record.objects.filter(deleted_at__isnull=False).exists()
    assert Link.objects.get(crm_id=records[1].pk).state == Link.State.DEAD
    update_record(records[1], values={"Phone": "1"}, actor=SYSTEM)
    drain()
    assert Link.objects.get(crm_id=records[1].pk).state == Link.State.DEAD
    unmerge_in_desk(joined.portal, done.pk, actor=MAKER)
    drain()
    assert pictures(joined) == before
    assert not Dirty.objects.exists()
