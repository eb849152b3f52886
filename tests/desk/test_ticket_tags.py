"""Tags on tickets: one by one and many at once, in filters and in the history."""

import pytest
from django.urls import reverse

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.desk.bulk_changes.actions import start_change, undo_change
from kakehashi.desk.bulk_changes.models import BulkKind
from kakehashi.desk.history.words import sentences_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_tags.actions import add_tag, names_by_ticket, remove_tag
from kakehashi.desk.ticket_tags.models import TicketTag
from kakehashi.desk.ticket_views.queries import chosen_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def test_a_word_becomes_a_tag_once_whatever_its_width_and_case(portal: Portal) -> None:
    first, second = make_ticket(portal), make_ticket(portal)
    add_tag(portal, ticket_ids=[first.pk], name="  VIP ", actor=MAKER)
    add_tag(portal, ticket_ids=[first.pk, second.pk], name="ｖｉｐ", actor=MAKER)
    assert TicketTag.objects.get().name == "VIP"
    assert names_by_ticket([first.pk, second.pk]) == {first.pk: ["VIP"], second.pk: ["VIP"]}
    assert remove_tag(portal, ticket_ids=[first.pk], name="vip", actor=MAKER) == {first.pk}
    assert names_by_ticket([first.pk]) == {}


@pytest.mark.parametrize("name", ["", " ", "x" * 41])
def test_a_tag_needs_a_short_name(portal: Portal, name: str) -> None:
    with pytest.raises(InvalidValues):
        add_tag(portal, ticket_ids=[make_ticket(portal).pk], name=name, actor=MAKER)


def test_lists_are_filtered_by_tags_of_the_own_portal_only(portal: Portal, people: People) -> None:
    tagged, plain = make_ticket(portal), make_ticket(portal)
    other = make_portal(name="Second")
    add_tag(portal, ticket_ids=[tagged.pk], name="VIP", actor=MAKER)
    add_tag(other, ticket_ids=[make_ticket(other).pk], name="Elsewhere", actor=MAKER)
    subjects = subjects_of(portal)
    assert [value for value, _label in subjects["tags"].offered()] == ["VIP"]

    def found(operator: str, *values: str) -> set[int]:
        rows = chosen_tickets(people.agent, subjects, filter_of(Condition("tags", operator, values)))
        return set(rows.values_list("pk", flat=True))

    assert found("any_of", "VIP") == {tagged.pk}
    assert found("none_of", "VIP") == {plain.pk}
    assert found("empty") == {plain.pk}
    assert found("filled") == {tagged.pk}


def test_many_get_a_tag_and_lose_it_by_undo_except_those_that_had_it(portal: Portal, people: People) -> None:
    tickets = [make_ticket(portal) for _ in range(3)]
    ids = [ticket.pk for ticket in tickets]
    add_tag(portal, ticket_ids=ids[:1], name="VIP", actor=MAKER)
    change = start_change(people.agent, kind=BulkKind.TAG, ticket_ids=ids, values={"tag": "VIP"})
    assert set(names_by_ticket(ids)) == set(ids)
    undo_change(people.agent, change)
    assert set(names_by_ticket(ids)) == {ids[0]}


@pytest.mark.django_db(transaction=True)
def test_the_history_tells_of_tags() -> None:
    portal = make_portal()
    ticket = make_ticket(portal)
    add_tag(portal, ticket_ids=[ticket.pk], name="VIP", actor=MAKER)
    ((_icon, sentence),) = sentences_of(Event.objects.get(topic="desk.ticket.updated", subject_id=ticket.pk))
    assert "VIP" in sentence


def test_the_page_puts_a_tag_on_and_takes_it_off(portal: Portal, people: People) -> None:
    ticket, client = make_ticket(portal), people.client_of("agent")
    here = reverse("desk_ticket_tags", args=[portal.pk, ticket.pk])
    assert "VIP" in client.post(here, {"add": "VIP"}).content.decode()
    assert client.post(here, {"add": ""}).status_code == 422
    client.post(here, {"remove": "VIP"})
    assert names_by_ticket([ticket.pk]) == {}
    assert people.client_of("light_agent").post(here, {"add": "VIP"}).status_code == 403
    with pytest.raises(NotAllowed):
        add_tag(portal, ticket_ids=[ticket.pk], name="VIP", actor=people.light_agent.actor)
