"""Ratings, and mails that left from elsewhere."""

from datetime import UTC, datetime

import pytest

from kakehashi.core.errors import InvalidValues
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.conversations.models import MessageState
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.tickets.tally_models import CustomerTally
from tests.makers.desk import MAKER, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def test_a_second_rating_takes_the_place_of_the_first_and_is_counted_once() -> None:
    portal = make_portal()
    ticket = make_ticket(portal, contact=make_contact(portal))
    rate_ticket(ticket, rating="bad", actor=MAKER)
    rated = rate_ticket(ticket, rating="good", comment=" Thank you. ", actor=MAKER)
    tally = CustomerTally.objects.get(portal=portal)
    assert (rated.rating, rated.rating_comment) == ("good", "Thank you.")
    assert (tally.good, tally.bad, tally.total) == (1, 0, 1)


def test_a_rating_is_one_of_three() -> None:
    with pytest.raises(InvalidValues):
        rate_ticket(make_ticket(make_portal()), rating="excellent", actor=MAKER)


def test_a_mail_that_left_from_elsewhere_is_kept_and_not_sent_again() -> None:
    ticket = make_ticket(make_portal())
    left = datetime(2026, 9, 1, 3, tzinfo=UTC)
    message = send_reply(ticket, html="<p>Hi</p>", to=["a@b.example"], actor=MAKER, at=left, sent_at=left)
    assert (message.state, message.sent_at, message.at) == (MessageState.SENT, left, left)
    ticket.refresh_from_db()
    assert ticket.first_responded_at == left
    assert not ticket.is_our_turn
