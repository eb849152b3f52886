"""What goes along when tickets are merged and split, and messages that are put back."""

import pytest
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.desk.conversations.actions import add_comment, receive_message
from kakehashi.desk.conversations.models import Comment, Message
from kakehashi.desk.followers.actions import add_followers
from kakehashi.desk.followers.queries import followers_of
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.teams.actions import create_team
from kakehashi.desk.ticket_merging.actions import MergeIsUndone, merge_tickets, survivor_of, unmerge_tickets
from kakehashi.desk.ticket_merging.models import TicketSplit
from kakehashi.desk.ticket_merging.splitting import SplitIsUndone, split_ticket, unsplit_ticket
from kakehashi.desk.ticket_tags.actions import add_tag, names_by_ticket
from kakehashi.desk.tickets.actions import close_ticket, restore_tickets
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.recounting import wrong_figures
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_ticket

pytestmark = pytest.mark.django_db


def written(ticket: Ticket, text: str) -> Message:
    return receive_message(ticket, sender="a@b.example", html=f"<p>{text}</p>", actor=MAKER)


@pytest.fixture
def split(portal: Portal) -> TicketSplit:
    """Two messages, the second of which became a ticket of its own."""
    ticket = make_ticket(portal)
    written(ticket, "first")
    second = written(ticket, "second")
    made = split_ticket(ticket, message_ids=[second.pk], subject="Second", actor=MAKER)
    return TicketSplit.objects.get(ticket=made)


def test_tags_and_followers_go_along_with_a_merge_and_come_back(portal: Portal, people: People) -> None:
    survivor, other = make_ticket(portal), make_ticket(portal)
    add_tag(portal, ticket_ids=[survivor.pk, other.pk], name="both", actor=MAKER)
    add_tag(portal, ticket_ids=[other.pk], name="theirs", actor=MAKER)
    add_followers(other, agents=[people.agent.agent], actor=MAKER)
    merge = merge_tickets(portal, survivor_id=survivor.pk, ticket_ids=[other.pk], actor=MAKER)
    assert names_by_ticket([survivor.pk])[survivor.pk] == ["both", "theirs"]
    assert followers_of(survivor) == [people.agent.agent]
    add_tag(portal, ticket_ids=[survivor.pk], name="later", actor=MAKER)
    unmerge_tickets(merge, actor=MAKER)
    tags = names_by_ticket([survivor.pk, other.pk])
    assert (tags[survivor.pk], tags[other.pk]) == (["both", "later"], ["both", "theirs"])
    assert (followers_of(survivor), followers_of(other)) == ([], [people.agent.agent])


def test_tags_and_team_go_along_with_a_split(portal: Portal) -> None:
    team = create_team(portal.departments.all()[0], name="First line", actor=MAKER)
    ticket = make_ticket(portal, values={"teamId": team.pk})
    add_tag(portal, ticket_ids=[ticket.pk], name="VIP", actor=MAKER)
    written(ticket, "first")
    made = split_ticket(ticket, message_ids=[written(ticket, "second").pk], subject="Second", actor=MAKER)
    assert names_by_ticket([made.pk])[made.pk] == ["VIP"]
    assert Ticket.objects.get(pk=made.pk).team == team


def test_messages_are_put_back_with_what_was_written_since(portal: Portal, split: TicketSplit) -> None:
    written(split.ticket, "third")
    add_comment(split.ticket, html="<p>Look</p>", actor=MAKER)
    unsplit_ticket(split, actor=MAKER)
    source, made = (Ticket.objects.get(pk=pk) for pk in (split.source_id, split.ticket_id))
    assert Message.objects.filter(ticket=source).count() == source.message_count == 3
    assert Comment.objects.filter(ticket=source).count() == source.comment_count == 1
    assert survivor_of(made) == source
    assert made.deleted_at
    assert restore_tickets(portal, ticket_ids=[made.pk], actor=MAKER) == []
    assert not wrong_figures(portal)


def test_a_closed_ticket_opens_for_the_mail_that_comes_back(portal: Portal, people: People, split: TicketSplit) -> None:
    add_followers(split.ticket, agents=[people.agent.agent], actor=MAKER)
    close_ticket(split.source, actor=MAKER)
    source = unsplit_ticket(split, actor=MAKER)
    source.refresh_from_db()
    assert (source.closed_at, source.is_our_turn) == (None, True)
    assert followers_of(source) == [people.agent.agent]
    assert not wrong_figures(portal)


def test_a_ticket_that_was_erased_since_does_not_come_back_out_of_a_merge(portal: Portal) -> None:
    survivor, other = make_ticket(portal), make_ticket(portal)
    merge = merge_tickets(portal, survivor_id=survivor.pk, ticket_ids=[other.pk], actor=MAKER)
    Ticket.objects.filter(pk=other.pk).update(erased_at=clock.now())
    with pytest.raises(MergeIsUndone):
        unmerge_tickets(merge, actor=MAKER)


def test_a_split_is_undone_once(split: TicketSplit) -> None:
    unsplit_ticket(split, actor=MAKER)
    with pytest.raises(SplitIsUndone):
        unsplit_ticket(split, actor=MAKER)


def test_what_was_merged_further_is_not_put_back(portal: Portal, split: TicketSplit) -> None:
    merge_tickets(portal, survivor_id=make_ticket(portal).pk, ticket_ids=[split.ticket_id], actor=MAKER)
    with pytest.raises(SplitIsUndone):
        unsplit_ticket(split, actor=MAKER)


def test_the_page_offers_the_way_back(portal: Portal, people: People, split: TicketSplit) -> None:
    client, url = people.client_of("agent"), reverse("desk_unsplitting", args=[portal.pk, split.pk])
    made = reverse("desk_ticket", args=[portal.pk, split.ticket_id])
    assert url in client.get(made).content.decode()
    assert people.client_of("light_agent").post(url).status_code == 403
    assert people.client_of("stranger").post(url).status_code == 404
    client.post(url)
    assert client.get(made)["Location"] == reverse("desk_ticket", args=[portal.pk, split.source_id])
