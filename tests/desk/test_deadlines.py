"""Targets and the clocks of tickets: what is promised, when it ends, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.actions import receive_message, send_reply
from kakehashi.desk.conversations.after_sending import withdraw_message
from kakehashi.desk.deadlines.clock import Deed, Targets, read_clocks
from kakehashi.desk.deadlines.jobs import follow_deadlines
from kakehashi.desk.deadlines.steps import Letter, Move, Past, steps_of
from kakehashi.desk.deadlines.working_time import AROUND_THE_CLOCK
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.targets.actions import TargetDraft, choose_figures, create_targets
from kakehashi.desk.targets.choosing import Promise, choose_promise
from kakehashi.desk.targets.queries import promises_of
from kakehashi.desk.targets.words import reason_of
from kakehashi.desk.tickets.actions import close_ticket, update_ticket, update_tickets
from kakehashi.desk.tickets.models import Status, StatusType, Ticket
from kakehashi.desk.tickets.statistics import customer_statistics
from kakehashi.desk.tickets.tally_models import CustomerTally
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_ticket
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db
FRIDAY_FIVE = datetime(2026, 9, 18, 8, tzinfo=UTC)  # 17:00 in Tokyo; Monday to Wednesday are holidays
_TO = ["a@b.example"]


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    """In September 2026."""
    return datetime(2026, 9, day, hour - 9 if hour >= 9 else hour + 15, minute, tzinfo=UTC)


@pytest.fixture
def promised(portal: Portal) -> Portal:
    """Four hours to answer, eight to solve; high priority one and four."""
    create_targets(portal, TargetDraft(minutes={"": (240, 480), "High": (60, 240)}), actor=MAKER)
    return portal


def _fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("status", "department", "account").get(pk=ticket.pk)


def test_a_promise_of_eight_hours_passes_over_a_weekend_of_holidays(promised: Portal) -> None:
    with clock.frozen_at(FRIDAY_FIVE):
        ticket = make_ticket(promised)
    assert ticket.response_due_at == tokyo(24, 12)
    assert ticket.due_at == tokyo(24, 17)


def test_time_on_hold_is_not_counted_and_what_is_left_is_known_meanwhile(promised: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
    with clock.frozen_at(tokyo(24, 11)):
        held = update_ticket(ticket, values={"status": "On Hold"}, actor=MAKER)
    assert (held.due_at, held.response_due_at, held.remaining_seconds) == (None, None, 6 * 3600)
    with clock.frozen_at(tokyo(25, 9)):
        resumed = update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
    assert (resumed.due_at, resumed.response_due_at, resumed.remaining_seconds) == (tokyo(25, 16), tokyo(25, 11), None)


def test_a_second_hold_does_not_forget_the_first(promised: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
    for status, hour in (("On Hold", 10), ("Open", 11), ("On Hold", 14), ("Open", 16)):
        with clock.frozen_at(tokyo(24, hour)):
            ticket = update_ticket(ticket, values={"status": status}, actor=MAKER)
    assert ticket.due_at == tokyo(25, 12)


def test_an_answer_stops_the_response_clock_and_the_next_question_starts_it(promised: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
    with clock.frozen_at(tokyo(24, 10)):
        message = send_reply(ticket, html="<p>Hello</p>", to=_TO, hold_seconds=10, actor=MAKER)
    assert _fresh(ticket).response_due_at is None
    with clock.frozen_at(tokyo(24, 10)):
        withdraw_message(message, actor=MAKER)
    assert _fresh(ticket).response_due_at == tokyo(24, 14)
    with clock.frozen_at(tokyo(24, 11)):
        send_reply(ticket, html="<p>Hello</p>", to=_TO, actor=MAKER)
    with clock.frozen_at(tokyo(24, 16)):
        receive_message(ticket, sender="a@b.example", html="<p>Still</p>", actor=MAKER)
    assert _fresh(ticket).response_due_at == tokyo(25, 11)


def test_closing_keeps_until_when_it_would_have_been_in_time(promised: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
    with clock.frozen_at(tokyo(24, 10)):
        update_ticket(ticket, values={"status": "On Hold"}, actor=MAKER)
    with clock.frozen_at(tokyo(25, 9)):
        closed = close_ticket(ticket, actor=MAKER)
    assert closed.due_at == tokyo(25, 17)
    assert closed.resolution_working_seconds == 3600
    with clock.frozen_at(tokyo(25, 10)):
        receive_message(ticket, sender="a@b.example", html="<p>No</p>", actor=MAKER)
    assert _fresh(ticket).due_at == tokyo(25, 18)


def test_a_date_set_by_a_person_wins_until_it_is_taken_away(promised: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
        chosen = update_ticket(ticket, values={"dueDate": tokyo(30, 9)}, actor=MAKER)
        assert (chosen.due_at, chosen.has_own_due) == (tokyo(30, 9), True)
        kept = update_ticket(ticket, values={"priority": "High"}, actor=MAKER)
        assert kept.due_at == tokyo(30, 9)
        reset = update_ticket(ticket, values={"dueDate": ""}, actor=MAKER)
    assert (reset.due_at, reset.has_own_due) == (tokyo(24, 14), False)


def test_new_targets_apply_to_open_tickets_and_say_to_how_many(portal: Portal) -> None:
    with clock.frozen_at(tokyo(24, 9)):
        ticket, other = make_ticket(portal), make_ticket(portal)
        close_ticket(other, actor=MAKER)
        create_targets(portal, TargetDraft(minutes={"": (None, 60)}), actor=MAKER)
        run_jobs()
    assert (_fresh(ticket).due_at, _fresh(other).due_at) == (tokyo(24, 10), None)
    follow_deadlines(portal.pk)
    told = [event.data for event in Event.objects.filter(topic="desk.deadlines.followed").order_by("id")]
    assert (told[-2], told[-1]) == ({"tickets": 1, "moved": 1}, {"tickets": 1, "moved": 0})


def test_the_most_specific_promise_wins_and_is_explained(promised: Portal) -> None:
    account, department = make_account(promised, name="Tsuki"), promised.departments.all()[0]
    create_targets(promised, TargetDraft(department=department, minutes={"": (30, None)}), actor=MAKER)
    create_targets(promised, TargetDraft(account=account, minutes={"": (None, 60)}), actor=MAKER)
    mine = make_ticket(promised, contact=make_contact(promised, account=account), values={"priority": "High"})
    assert (mine.response_due_at is None, mine.due_at is None) == (True, False)
    with translation.override("en"):
        sentence = reason_of(_fresh(mine), promises_of(promised))
    assert sentence == (
        "Because of the target for Tsuki (Every other priority): solve within 1 hour, counted in Office hours."
    )


def test_a_target_is_given_once_and_a_solution_takes_no_less_than_an_answer(promised: Portal) -> None:
    for minutes in ({"": (60, 30)}, {"": (30, 60)}, {}):
        with pytest.raises(InvalidValues):
            create_targets(promised, TargetDraft(minutes=minutes), actor=MAKER)


def test_a_status_that_is_renamed_afterwards_does_not_break_the_past(promised: Portal) -> None:
    waiting = Status.objects.create(portal=promised, name="Waiting", type=StatusType.ON_HOLD)
    with clock.frozen_at(tokyo(24, 9)):
        ticket = make_ticket(promised)
    with clock.frozen_at(tokyo(24, 10)):
        update_ticket(ticket, values={"status": "Waiting"}, actor=MAKER)
    Status.objects.filter(pk=waiting.pk).update(name="Parked")
    with clock.frozen_at(tokyo(24, 15)):
        resumed = update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
    assert resumed.due_at == tokyo(25, 14)


def test_averages_are_kept_in_both_times_and_shown_in_the_one_chosen(promised: Portal) -> None:
    contact = make_contact(promised)
    with clock.frozen_at(FRIDAY_FIVE):
        ticket = make_ticket(promised, contact=contact)
    with clock.frozen_at(tokyo(24, 10)):
        send_reply(ticket, html="<p>Hello</p>", to=_TO, actor=MAKER)
        close_ticket(ticket, actor=MAKER)
    real = customer_statistics(promised, contact_ids=[contact.pk])
    choose_figures(promised, basis="working", actor=MAKER)
    working = customer_statistics(promised, contact_ids=[contact.pk])
    assert real.first_response_seconds == (5 * 24 + 17) * 3600
    assert (working.first_response_seconds, working.resolution_seconds) == (2 * 3600, 2 * 3600)
    assert CustomerTally.objects.get(portal=promised).resolution_working_seconds == 2 * 3600


def test_following_many_tickets_costs_as_many_queries_as_one(
    promised: Portal, django_assert_max_num_queries: object
) -> None:
    tickets = [make_ticket(promised) for _ in range(12)]
    with django_assert_max_num_queries(30):  # type: ignore[operator]  # pytest-django's own type
        update_tickets(promised, ticket_ids=[one.pk for one in tickets], values={"priority": "High"}, actor=MAKER)


def test_targets_are_set_on_their_pages(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    url = f"/desk/{portal.pk}/settings/targets/"
    refused = client.post(f"{url}new/", {"responseHigh-hours": "4", "resolutionHigh-hours": "2"})
    assert refused.status_code == 422
    assert "A matter cannot be settled before it is answered." in refused.text
    assert client.post(f"{url}new/", {"responseHigh-hours": "4", "resolutionHigh-hours": "8"}).status_code == 302
    assert "4 hours" in client.get(url).text


_moments = st.integers(0, 10_000).map(lambda minutes: FRIDAY_FIVE + timedelta(minutes=minutes))
_moves = st.lists(st.builds(Move, _moments, st.sampled_from(StatusType)), max_size=12)
_letters = st.lists(st.builds(Letter, _moments, st.booleans()), max_size=6)


@given(_moves, _letters, st.sampled_from(StatusType), st.integers(1, 100))
def test_whatever_happened_only_the_time_that_was_open_counts(
    moves: list[Move], letters: list[Letter], kind: StatusType, hours: int
) -> None:
    now = FRIDAY_FIVE + timedelta(minutes=10_001)
    past = Past(FRIDAY_FIVE, StatusType.OPEN, moves, letters, kind, now)
    steps = steps_of(past)
    clocks = read_clocks(steps, Targets(AROUND_THE_CLOCK, resolution_seconds=hours * 3600))
    in_order = sorted(moves, key=lambda move: move.at)
    spells = zip([Move(FRIDAY_FIVE, StatusType.OPEN), *in_order], [*[m.at for m in in_order], now], strict=True)
    was_open = sum((end - move.at).total_seconds() for move, end in spells if move.type == StatusType.OPEN)
    assert steps[0].deed is Deed.OPENED
    if kind != StatusType.OPEN:
        assert clocks.resolving_seconds == pytest.approx(was_open)


def test_a_customer_counts_more_than_a_department() -> None:
    general = Promise(1, None, None, "High", 1, 1)
    of_department = Promise(2, 5, None, "High", 2, 2)
    of_account = Promise(3, None, 7, "", 3, 3)
    everything = [general, of_department, of_account]
    assert choose_promise(everything, department_id=5, account_id=7, priority="High") == of_account
    assert choose_promise(everything, department_id=5, account_id=None, priority="High") == of_department
    assert choose_promise(everything, department_id=6, account_id=None, priority="Low") is None
