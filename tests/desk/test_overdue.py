"""Tickets that become overdue are told of once, whoever looks, however late, and whatever is killed meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import translation

from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.conversations.timeline import conversation_of
from kakehashi.desk.overdue import actions
from kakehashi.desk.overdue.actions import tell_overdue
from kakehashi.desk.overdue.models import Breach, Deadline
from kakehashi.desk.overdue.queries import NOTE
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.targets.actions import TargetDraft, create_targets
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.conversation import EventLine
from tests.makers.desk import MAKER, make_portal, make_ticket
from tests.makers.killing import killed_within

pytestmark = pytest.mark.django_db
FRIDAY_FIVE = datetime(2026, 9, 18, 8, tzinfo=UTC)  # 17:00 in Tokyo; Monday to Wednesday are holidays
ANSWER_DUE = datetime(2026, 9, 24, 3, tzinfo=UTC)
SOLUTION_DUE = datetime(2026, 9, 24, 8, tzinfo=UTC)
LATER = datetime(2026, 9, 30, tzinfo=UTC)


@pytest.fixture
def promised(portal: Portal) -> Portal:
    """Four hours to answer, eight to solve."""
    create_targets(portal, TargetDraft(minutes={"": (240, 480)}), actor=MAKER)
    return portal


@pytest.fixture
def ticket(promised: Portal) -> Iterator[Ticket]:
    """Opened on a Friday at five, before a weekend of holidays."""
    with clock.frozen_at(FRIDAY_FIVE):
        yield make_ticket(promised)


def told() -> list[tuple[str, str]]:
    events = Event.objects.filter(topic="desk.ticket.overdue").order_by("id")
    return [(event.tenant, event.data["deadline"]) for event in events]


def sweep_at(moment: datetime) -> int:
    with clock.frozen_at(moment):
        return tell_overdue()


def test_a_holiday_weekend_passes_and_then_each_promise_is_told_once_when_it_breaks(ticket: Ticket) -> None:
    mine = ticket.portal.tenant
    assert sweep_at(ANSWER_DUE - timedelta(seconds=1)) == 0
    assert sweep_at(ANSWER_DUE) == 1
    assert sweep_at(SOLUTION_DUE - timedelta(minutes=1)) == 0
    assert sweep_at(SOLUTION_DUE + timedelta(minutes=1)) == 1
    assert sweep_at(LATER) == 0
    assert told() == [(mine, "response"), (mine, "resolution")]


def test_after_a_standstill_of_weeks_everything_is_told_and_nothing_twice(ticket: Ticket) -> None:
    with clock.frozen_at(FRIDAY_FIVE):
        other = make_ticket(make_portal(name="Other"), values={"dueDate": ANSWER_DUE})
    assert [sweep_at(LATER) for _ in range(2)] == [3, 0]
    assert (other.portal.tenant, "resolution") in told()


def test_a_changed_due_date_breaks_anew_and_the_old_one_does_not(ticket: Ticket) -> None:
    sweep_at(LATER)
    for moment in (LATER + timedelta(days=1), LATER - timedelta(days=1), LATER + timedelta(days=1)):
        with clock.frozen_at(LATER):
            update_ticket(ticket, values={"dueDate": moment}, actor=MAKER)
        sweep_at(LATER + timedelta(days=2))
    moments = Breach.objects.filter(deadline=Deadline.RESOLUTION).order_by("id").values_list("due_at", flat=True)
    assert list(moments) == [SOLUTION_DUE, LATER + timedelta(days=1), LATER - timedelta(days=1)]


@pytest.mark.parametrize("end", [close_ticket, delete_ticket])
def test_what_is_closed_or_deleted_in_time_is_never_overdue(ticket: Ticket, end: object) -> None:
    with clock.frozen_at(FRIDAY_FIVE):
        end(ticket, actor=MAKER)  # type: ignore[operator]  # both take these
    assert sweep_at(LATER) == 0


def test_an_answer_in_time_leaves_only_the_solution_to_break(ticket: Ticket) -> None:
    with clock.frozen_at(FRIDAY_FIVE):
        send_reply(ticket, html="<p>Hello</p>", to=["a@b.example"], actor=MAKER)
    assert sweep_at(LATER) == 1
    assert told() == [(ticket.portal.tenant, "resolution")]


def test_the_conversation_says_when_an_answer_was_due_though_it_was_given_later(ticket: Ticket) -> None:
    sweep_at(ANSWER_DUE)
    with clock.frozen_at(ANSWER_DUE + timedelta(minutes=5)):
        send_reply(ticket, html="<p>Sorry</p>", to=["a@b.example"], actor=MAKER)
    ticket.refresh_from_db()
    with translation.override("en"), clock.frozen_at(ANSWER_DUE + timedelta(hours=1)):
        lines = [item for item in conversation_of(ticket, str) if isinstance(item, EventLine) and item.is_bad]
    assert [(line.html, line.at) for line in lines] == [("The answer was due", ANSWER_DUE)]


def test_batches_follow_each_other_without_gap_or_repetition(promised: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 3)
    with clock.frozen_at(FRIDAY_FIVE):
        tickets = [make_ticket(promised) for _ in range(10)]
    assert sweep_at(LATER) == 2 * len(tickets)
    assert Breach.objects.count() == 2 * len(tickets)


def test_what_is_due_is_found_in_the_index_alone(ticket: Ticket) -> None:
    values = {"portal": ticket.portal_id, "now": LATER, "after": FRIDAY_FIVE, "after_id": 0, "limit": 9}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for deadline, index in ((Deadline.RESOLUTION, "ticket_due"), (Deadline.RESPONSE, "ticket_response_due")):
            cursor.execute(f"EXPLAIN {NOTE.format(column=deadline.column)}", values | {"deadline": deadline})
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"Index Only Scan using {index} on desk_ticket" in plan


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_ticket_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 7)
    portal = make_portal()
    tickets = [make_ticket(portal, values={"dueDate": FRIDAY_FIVE}) for _ in range(30)]
    counts: list[int] = []

    def work() -> None:
        counts.append(sweep_at(LATER))
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == len(tickets) == len(told())


_SWEEPER = """
from kakehashi.desk.overdue import actions
write = actions.write_facts
def write_and_hang(facts, actor):
    write(facts, actor)
    hang()
actions.write_facts = write_and_hang
actions.tell_overdue()
"""


@pytest.mark.django_db(transaction=True)
def test_a_sweep_killed_before_its_commit_is_made_good_by_the_next() -> None:
    make_ticket(make_portal(), values={"dueDate": FRIDAY_FIVE})
    with killed_within(_SWEEPER):
        assert told() == []
    assert tell_overdue() == 1  # waits until PostgreSQL has noticed the death
    assert tell_overdue() == 0
    assert len(told()) == 1
