"""Tickets that become one and come apart again, messages that become a ticket, tickets that move; and who is at a ticket."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound
from kakehashi.core.fields.types import FieldType
from kakehashi.desk.conversations.actions import add_comment, receive_message
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.intake.threads import Threads, clue_in
from kakehashi.desk.parsing.parser import parse_mail
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.presence.actions import be_present, leave, take_over
from kakehashi.desk.presence.queries import EXPIRES, others_at, present_at
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field, arrange
from kakehashi.desk.ticket_fields.queries import LaidOut
from kakehashi.desk.ticket_merging.actions import (
    MergeIsUndone,
    merge_tickets,
    survivor_of,
    unmerge_tickets,
)
from kakehashi.desk.ticket_merging.fitting import what_does_not_fit
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.tickets.actions import close_ticket, restore_tickets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.queries import visible_tickets
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_contact, make_portal, make_ticket
from tests.makers.mail import make_mail

pytestmark = pytest.mark.django_db


def _written(portal: Portal, subject: str, *texts: str) -> Ticket:
    contact = make_contact(portal)
    ticket = make_ticket(portal, subject=subject, contact=contact, description_html=f"<p>{subject}</p>")
    for text in texts:
        receive_message(ticket, sender=contact.email, html=f"<p>{text}</p>", actor=MAKER)
    ticket.refresh_from_db()
    return ticket


def _texts(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket).order_by("id").values_list("text", flat=True))


def test_any_number_of_tickets_become_one_and_come_apart_again(portal: Portal, people: People) -> None:
    first, second, third = (_written(portal, name, f"{name} 1") for name in ("a", "b", "c"))
    add_comment(second, html="<p>inside</p>", actor=people.agent.actor)
    merge = merge_tickets(portal, survivor_id=first.pk, ticket_ids=[second.pk, third.pk], actor=people.agent.actor)
    first.refresh_from_db()
    assert _texts(first) == ["a 1", "b 1", "c 1"]
    assert (first.message_count, first.comment_count) == (3, 3)
    assert list(visible_tickets(people.agent).values_list("pk", flat=True)) == [first.pk]
    contact = make_contact(portal)
    receive_message(first, sender=contact.email, html="<p>later</p>", actor=MAKER)
    unmerge_tickets(merge, actor=people.agent.actor)
    assert [_texts(one) for one in (first, second, third)] == [["a 1", "later"], ["b 1"], ["c 1"]]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.message_count, first.comment_count) == (2, 0)
    assert (second.deleted_at, second.merged_into, second.comment_count) == (None, None, 1)
    with pytest.raises(MergeIsUndone):
        unmerge_tickets(merge, actor=people.agent.actor)


def test_answers_to_a_merged_ticket_and_its_number_follow_the_survivor(portal: Portal, people: People) -> None:
    first, second, third = (_written(portal, name, name) for name in ("a", "b", "c"))
    merge_tickets(portal, survivor_id=second.pk, ticket_ids=[third.pk], actor=MAKER)
    merge_tickets(portal, survivor_id=first.pk, ticket_ids=[second.pk], actor=MAKER)
    third.refresh_from_db()
    assert survivor_of(third) == first
    mail = parse_mail(make_mail(subject=f"Re: [#{third.number}] hello"))
    clue = clue_in(portal, mail, (), "")
    thread = Threads.of(portal, [clue]).find(clue)
    assert thread is not None
    assert thread.ticket == first
    page = people.client_of("agent").get(reverse("desk_ticket", args=[portal.pk, third.pk]))
    assert page["Location"] == reverse("desk_ticket", args=[portal.pk, first.pk])


def test_a_merged_ticket_is_neither_in_the_bin_nor_restored_from_it(portal: Portal, people: People) -> None:
    first, second = _written(portal, "aaa"), _written(portal, "bbb")
    merge_tickets(portal, survivor_id=first.pk, ticket_ids=[second.pk], actor=MAKER)
    assert restore_tickets(portal, ticket_ids=[second.pk], actor=MAKER) == []
    page = people.client_of("agent").get(reverse("desk_ticket_bin", args=[portal.pk])).content.decode()
    assert "bbb" not in page


def test_a_closed_survivor_opens_for_an_open_ticket(portal: Portal) -> None:
    first, second = _written(portal, "a"), _written(portal, "b")
    close_ticket(first, actor=MAKER)
    merge_tickets(portal, survivor_id=first.pk, ticket_ids=[second.pk], actor=MAKER)
    first.refresh_from_db()
    assert first.closed_at is None


def test_tickets_of_two_portals_never_merge_and_light_agents_merge_none(portal: Portal, people: People) -> None:
    mine, other = _written(portal, "a"), _written(make_portal(name="Second"), "b")
    with pytest.raises(NotFound):
        merge_tickets(portal, survivor_id=mine.pk, ticket_ids=[other.pk], actor=people.agent.actor)
    with pytest.raises(NotAllowed):
        merge_tickets(portal, survivor_id=mine.pk, ticket_ids=[make_ticket(portal).pk], actor=people.light_agent.actor)
    with pytest.raises(InvalidValues):
        merge_tickets(portal, survivor_id=mine.pk, ticket_ids=[mine.pk], actor=people.agent.actor)


def test_chosen_messages_become_a_ticket_of_their_own_and_go_back_by_merging(portal: Portal, people: People) -> None:
    ticket = _written(portal, "two matters", "first", "second")
    message = Message.objects.filter(ticket=ticket).latest("id")
    made = split_ticket(ticket, message_ids=[message.pk], subject="The second", actor=people.agent.actor)
    ticket.refresh_from_db()
    made.refresh_from_db()
    assert (_texts(ticket), _texts(made)) == (["first"], ["second"])
    assert (ticket.message_count, made.message_count, made.contact_id) == (1, 1, ticket.contact_id)
    merge_tickets(portal, survivor_id=ticket.pk, ticket_ids=[made.pk], actor=people.agent.actor)
    assert _texts(ticket) == ["first", "second"]


def test_somebody_elses_messages_cannot_be_split_off(portal: Portal) -> None:
    ticket, other = _written(portal, "a", "first"), _written(portal, "b", "other")
    message = Message.objects.get(ticket=other)
    with pytest.raises(InvalidValues):
        split_ticket(ticket, message_ids=[message.pk], subject="x", actor=MAKER)


def test_moving_says_before_which_fields_do_not_fit(portal: Portal, people: People) -> None:
    target = create_department(portal, name="Second", actor=MAKER)
    field = add_field(portal, kind=FieldType.TEXT, draft=FieldDraft("Serial number"), actor=MAKER)
    asked = add_field(portal, kind=FieldType.TEXT, draft=FieldDraft("Contract"), actor=MAKER)
    layout = [LaidOut(field.api_name, False, False), LaidOut(asked.api_name, True, True)]
    arrange(target, layout=layout, actor=MAKER)
    ticket = make_ticket(portal, values={field.api_name: "A-17"})
    fitting = what_does_not_fit(portal, ticket, target)
    assert [(str(label), text) for label, text in fitting.hidden] == [("Serial number", "A-17")]
    assert [str(label) for label in fitting.missing] == ["Contract"]
    client, address = people.client_of("agent"), reverse("desk_ticket_moving", args=[portal.pk, ticket.pk])
    assert "A-17" in client.get(address, {"departmentId": target.pk}).content.decode()
    client.post(address, {"departmentId": target.pk})
    ticket.refresh_from_db()
    assert (ticket.department, ticket.custom) == (target, {field.api_name: "A-17"})


def test_the_dialogs_merge_by_number_and_say_what_is_missing(portal: Portal, people: People) -> None:
    first, second = _written(portal, "a"), _written(portal, "b")
    client, address = people.client_of("agent"), reverse("desk_ticket_merging", args=[portal.pk])
    assert client.get(address, {"selected": first.pk}).status_code == 200
    sent = {"selected": first.pk, "survivor": first.pk, "numbers": "#999"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "numbers": f"#{second.number}"}).status_code == 204
    second.refresh_from_db()
    merge = first.merges.get()
    assert second.merged_into == first
    client.post(reverse("desk_unmerging", args=[portal.pk, merge.pk]))
    second.refresh_from_db()
    assert second.merged_into is None
    assert Comment.objects.filter(ticket=first, deleted_at=None).count() == 0


def test_whoever_writes_first_holds_the_reply_until_somebody_takes_over(portal: Portal, people: People) -> None:
    ticket, mine, theirs = make_ticket(portal), people.agent.agent, people.administrator.agent
    be_present(ticket, mine, is_typing=True)
    be_present(ticket, theirs, is_typing=True)
    (seen,) = others_at(ticket, theirs)
    assert (seen.agent, seen.holds_reply) == (mine, True)
    assert [one.holds_reply for one in others_at(ticket, mine)] == [False]
    take_over(ticket, theirs)
    assert [one.holds_reply for one in others_at(ticket, mine)] == [True]
    be_present(ticket, mine, is_typing=True)
    assert [one.holds_reply for one in others_at(ticket, theirs)] == [False]
    leave(ticket, theirs)
    be_present(ticket, mine, is_typing=True)
    assert [one.holds_reply for one in others_at(ticket, theirs)] == [True]


def test_a_browser_that_died_is_forgotten_by_itself(portal: Portal, people: People) -> None:
    ticket, mine, theirs = make_ticket(portal), people.agent.agent, people.administrator.agent
    be_present(ticket, mine, is_typing=True)
    with clock.frozen_at(clock.now() + EXPIRES + timedelta(seconds=1)):
        assert others_at(ticket, theirs) == []
        be_present(ticket, theirs, is_typing=True)
        assert [one.holds_reply for one in others_at(ticket, mine)] == [True]
        be_present(ticket, mine, is_typing=True)
        assert [one.holds_reply for one in others_at(ticket, theirs)] == [False]


def test_a_list_shows_who_is_where_and_nothing_of_what_one_may_not_see(portal: Portal, people: People) -> None:
    ticket, hidden = make_ticket(portal), make_ticket(make_portal(name="Second"))
    be_present(ticket, people.administrator.agent, is_typing=False)
    be_present(hidden, people.administrator.agent, is_typing=False)
    assert list(present_at([ticket.pk], people.agent.agent)) == [ticket.pk]
    page = (
        people.client_of("agent")
        .get(reverse("desk_list_presence", args=[portal.pk]), {"ids": f"{ticket.pk},{hidden.pk}"})
        .content.decode()
    )
    assert f"presence-{ticket.pk}" in page
    assert f"presence-{hidden.pk}" not in page


def test_the_page_hears_who_is_there_and_takes_over(portal: Portal, people: People) -> None:
    ticket = make_ticket(portal)
    here, take = (reverse(name, args=[portal.pk, ticket.pk]) for name in ("desk_presence", "desk_presence_takeover"))
    people.client_of("administrator").post(here, {"state": "typing"})
    assert "data-reply-held" in people.client_of("agent").post(here, {"state": "here"}).content.decode()
    assert "data-reply-held" not in people.client_of("agent").post(take).content.decode()
    assert "data-reply-held" in people.client_of("administrator").post(here, {"state": "here"}).content.decode()
    assert people.client_of("light_agent").post(take).status_code == 403
    assert people.client_of("agent").post(here, {"state": "away"}).status_code == 204
