"""Contacts, accounts and products that become one and come apart again (lessons A10–A15)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.errors import NotAllowed, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.desk.customers.actions import delete_contact, restore_contact, update_contact
from kakehashi.desk.customers.fields import CONTACT_FIELDS
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.customers.matching import contacts_with_email
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product, offer_in_departments
from kakehashi.desk.products.kinds import PRODUCT
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.record_merging.choosing import (
    Contender,
    chosen_values,
    default_choices,
    in_order_of_merit,
    with_spares,
)
from kakehashi.desk.record_merging.images import changed, given_back
from kakehashi.desk.record_merging.models import MovedRelation, RecordMerge
from kakehashi.desk.record_merging.queries import survivor_of
from kakehashi.desk.record_merging.undoing import MergeIsUndone, SurvivorIsGone, fields_changed_since, unmerge
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.targets.actions import TargetDraft, create_targets
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.statistics import customer_statistics
from kakehashi.desk.tickets.tally_models import CustomerTally
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def _merge(survivor: DeskRecord, *losers: DeskRecord, actor: Any = MAKER, **values: Any) -> RecordMerge:
    kinds: Mapping[type, Any] = {kind.model: kind for kind in (CONTACT, ACCOUNT, PRODUCT)}
    versions = {one.pk: one.version for one in (survivor, *losers)}
    return merge_records(
        survivor.portal,
        kinds[type(survivor)],
        survivor_id=survivor.pk,
        versions=versions,
        values=values,
        actor=actor,
    )


def _fresh(*records: Any) -> list[Any]:
    for record in records:
        record.refresh_from_db()
    return list(records)


def test_contacts_become_one_with_all_that_is_theirs(portal: Portal, people: People) -> None:
    first = make_contact(portal, email="a@example.com", phone="03-1111-1111")
    second = make_contact(portal, email="b@example.com", phone="03-2222-2222", title="部長")
    third = make_contact(portal, email="c@example.com")
    tickets = [make_ticket(portal, contact=one) for one in (first, second, third)]
    rate_ticket(tickets[2], rating="good", actor=MAKER)
    _merge(first, second, third, actor=people.agent.actor, title="部長")
    _fresh(first, second, third, *tickets)
    assert [ticket.contact_id for ticket in tickets] == [first.pk] * 3
    assert (first.email, first.secondary_email, first.more_emails) == (
        "a@example.com",
        "b@example.com",
        ["c@example.com"],
    )
    assert (first.title, first.phone, first.more_phones) == ("部長", "03-1111-1111", ["03-2222-2222"])
    assert second.merged_into_id == third.merged_into_id == first.pk
    assert [one.pk for one in contacts_with_email(portal, ["c@example.com"])] == [first.pk]
    figures = customer_statistics(portal, contact_ids=[first.pk])
    assert (figures.total, figures.good) == (3, 1)


def test_taking_it_back_restores_everything(portal: Portal) -> None:
    first, second = make_contact(portal, email="a@example.com"), make_contact(portal, email="b@example.com")
    own, other = make_ticket(portal, contact=first), make_ticket(portal, contact=second)
    merge = _merge(first, second, lastName="井上")
    unmerge(portal, merge.pk, actor=MAKER)
    _fresh(first, second, own, other)
    assert (first.last_name, first.email, first.secondary_email) == ("相沢", "a@example.com", "")
    assert (second.deleted_at, second.merged_into) == (None, None)
    assert (own.contact_id, other.contact_id) == (first.pk, second.pk)
    assert [customer_statistics(portal, contact_ids=[one.pk]).total for one in (first, second)] == [1, 1]
    with pytest.raises(MergeIsUndone):
        unmerge(portal, merge.pk, actor=MAKER)


def test_what_changed_since_the_merge_stays(portal: Portal) -> None:
    first, second = (
        make_contact(portal, email="a@example.com"),
        make_contact(portal, email="b@example.com", moreEmails=["m@x.example"]),
    )
    moved, given_on = make_ticket(portal, contact=second), make_ticket(portal, contact=second)
    merge = _merge(first, second, lastName="井上", title="部長")
    later = make_ticket(portal, contact=first)
    somebody = make_contact(portal)
    update_ticket(given_on, values={"contactId": somebody.pk}, actor=MAKER)
    update_contact(first, values={"lastName": "上野", "moreEmails": ["m@x.example", "new@x.example"]}, actor=MAKER)
    assert fields_changed_since(merge) == ["lastName"]
    parted = unmerge(portal, merge.pk, actor=MAKER)
    _fresh(first, moved, given_on, later)
    assert parted.kept == ["lastName"]
    assert (first.last_name, first.title, first.more_emails) == ("上野", "", ["new@x.example"])
    assert (moved.contact_id, given_on.contact_id, later.contact_id) == (second.pk, somebody.pk, first.pk)


def test_accounts_bring_people_tickets_promises_along_and_back(portal: Portal) -> None:
    first, second = make_account(portal, name="月見坂食品"), make_account(portal, name="月見坂食品株式会社")
    person, binned = make_contact(portal, account=second), make_contact(portal, account=second)
    delete_contact(binned, actor=MAKER)
    targets = create_targets(portal, TargetDraft(account=second, minutes={"": (60, 480)}), actor=MAKER)
    ticket = make_ticket(portal, contact=person, account=second)
    due = _fresh(ticket)[0].due_at
    merge = _merge(first, second)
    _fresh(person, binned, ticket, targets)
    assert person.account_id == binned.account_id == ticket.account_id == targets.account_id == first.pk
    assert abs((ticket.due_at - due).total_seconds()) < 2  # promised by the same set as before
    assert Event.objects.filter(kind="desk.contact", subject_id=person.pk, topic="desk.contact.updated").exists()
    unmerge(portal, merge.pk, actor=MAKER)
    _fresh(person, binned, ticket, targets)
    assert person.account_id == binned.account_id == ticket.account_id == targets.account_id == second.pk


def test_products_bring_tickets_and_departments_along_and_back(portal: Portal) -> None:
    first, second = (create_product(portal, values={"productName": name}, actor=MAKER) for name in ("TL-200", "TL200"))
    sales, repair = (create_department(portal, name=name, actor=MAKER) for name in ("Sales", "Repair"))
    offer_in_departments(first, departments=[sales], actor=MAKER)
    offer_in_departments(second, departments=[repair], actor=MAKER)
    ticket = make_ticket(portal, values={"productId": second.pk})
    merge = _merge(first, second)
    assert _fresh(ticket)[0].product_id == first.pk
    assert set(first.departments.all()) == {sales, repair}
    unmerge(portal, merge.pk, actor=MAKER)
    assert _fresh(ticket)[0].product_id == second.pk
    assert (list(first.departments.all()), list(second.departments.all())) == ([sales], [repair])


def test_a_merged_record_leads_to_the_survivor_and_comes_back_by_no_other_way(portal: Portal) -> None:
    first, second, third = (make_contact(portal) for _ in range(3))
    inner = _merge(second, third)
    _merge(first, _fresh(second)[0])
    _fresh(second, third)
    assert survivor_of(third) == first
    restore_contact(third, actor=MAKER)
    assert _fresh(third)[0].deleted_at is not None
    with pytest.raises(SurvivorIsGone):
        unmerge(portal, inner.pk, actor=MAKER)


def test_nobody_merges_what_they_have_not_seen_or_may_not(portal: Portal, people: People) -> None:
    first, second = make_contact(portal), make_contact(portal)
    foreign = make_contact(make_portal(name="Other"))
    update_contact(second, values={"title": "x"}, actor=MAKER)
    with pytest.raises(StaleVersion):
        _merge(first, second)
    with pytest.raises(StaleVersion):
        _merge(first, foreign)
    with pytest.raises(NotAllowed):
        _merge(first, _fresh(second)[0], actor=people.light_agent.actor)
    assert not RecordMerge.objects.exists()


def test_events_tell_the_bridge_who_went_where(portal: Portal) -> None:
    first, second = make_contact(portal), make_contact(portal)
    merge = _merge(first, second)
    told = Event.objects.filter(topic="desk.contact.merged").order_by("id").values_list("subject_id", "data")
    assert list(told) == [
        (first.pk, {"merge": merge.pk, "losers": [[second.pk, second.name]]}),
        (second.pk, {"merge": merge.pk, "survivor": first.pk}),
    ]
    unmerge(portal, merge.pk, actor=MAKER)
    assert Event.objects.filter(topic="desk.contact.unmerged").count() == 2


def test_a_merge_costs_the_same_queries_for_many_tickets(portal: Portal, django_assert_max_num_queries: Any) -> None:
    first, second = make_contact(portal), make_contact(portal)
    for _ in range(30):
        make_ticket(portal, contact=second)
    with django_assert_max_num_queries(60):
        _merge(first, second)
    assert MovedRelation.objects.count() == 30
    assert sum(CustomerTally.objects.filter(contact_id=first.pk).values_list("total", flat=True)) == 30


_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
_ADDRESS = st.sampled_from(["", "a@example.com", "b@example.com", "c@example.com", "d@example.com"])
_VALUES = st.fixed_dictionaries(
    {
        "lastName": st.sampled_from(["相沢", "井上"]),
        "email": _ADDRESS,
        "secondaryEmail": _ADDRESS,
        "moreEmails": st.lists(_ADDRESS.filter(bool), unique=True, max_size=3),
        "phone": st.sampled_from(["", "03-1111-1111", "03-2222-2222"]),
        "title": st.sampled_from(["", "部長"]),
    }
)


@given(values=st.lists(_VALUES, min_size=2, max_size=5))
def test_no_address_is_lost_and_empty_never_wins(values: list[dict[str, Any]]) -> None:
    contenders = in_order_of_merit([Contender(place, one, _WHEN) for place, one in enumerate(values)])
    merged = with_spares(
        CONTACT_FIELDS,
        chosen_values(CONTACT_FIELDS, default_choices(CONTACT_FIELDS, contenders), contenders),
        contenders,
    )
    there = {text for one in values for text in (one["email"], one["secondaryEmail"], *one["moreEmails"]) if text}
    kept = [text for text in (merged["email"], merged["secondaryEmail"], *merged["moreEmails"]) if text]
    assert set(kept) == there
    assert all(merged[name] for name in ("email", "phone", "title") if any(one[name] for one in values))


@given(before=_VALUES, after=_VALUES)
def test_given_back_at_once_everything_is_as_before(before: dict[str, Any], after: dict[str, Any]) -> None:
    back = {**after, **given_back(before, after, after)}
    assert {name: sorted(value) if isinstance(value, list) else value for name, value in back.items()} == {
        name: sorted(value) if isinstance(value, list) else value for name, value in before.items()
    }
    assert set(given_back(before, after, after)) == set(changed(before, after))
