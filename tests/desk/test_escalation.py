"""Escalation: what happens before and after a deadline, once, in order, whatever happens meanwhile."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.models import Event
from kakehashi.desk.business_hours.queries import hours_of
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.conversations.timeline import conversation_of
from kakehashi.desk.deadlines.working_time import AROUND_THE_CLOCK, Span, WorkingTime
from kakehashi.desk.escalation.actions import (
    LevelDraft,
    add_level,
    change_level,
    create_rule,
    disable_rule,
    enable_rule,
    remove_level,
)
from kakehashi.desk.escalation.deciding import Standing, Step, firings, moment_of, window_of
from kakehashi.desk.escalation.escalating import escalate_due
from kakehashi.desk.escalation.models import EscalationFiring, EscalationLevel, EscalationRule, Side
from kakehashi.desk.escalation.showing import coming_of
from kakehashi.desk.notices.models import Notice, NoticeState
from kakehashi.desk.overdue.actions import tell_overdue
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.targets.actions import TargetDraft, create_targets
from kakehashi.desk.tickets.actions import close_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tally_models import CustomerTally
from kakehashi.ui.conversation import EventLine
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
FRIDAY_FIVE = datetime(2026, 9, 18, 8, tzinfo=UTC)  # 17:00 in Tokyo; Monday to Wednesday are holidays
SOLUTION_DUE = datetime(2026, 9, 24, 8, tzinfo=UTC)  # Thursday 17:00
HOUR = timedelta(hours=1)


@pytest.fixture
def promised(portal: Portal) -> Portal:
    """Four hours to answer, eight to solve; high priority one and four."""
    create_targets(portal, TargetDraft(minutes={"": (240, 480), "High": (60, 240)}), actor=MAKER)
    return portal


def make_rule(portal: Portal, *, deadline: str = Deadline.RESOLUTION, **level: object) -> EscalationRule:
    """Made long ago, marking tickets unless it is told otherwise."""
    draft = LevelDraft(**{"marks_escalated": True, **level})  # type: ignore[arg-type]  # what a draft takes
    with clock.frozen_at(LONG_AGO):
        return create_rule(portal, deadline=deadline, department=None, level=draft, actor=MAKER)


def add(rule: EscalationRule, **level: object) -> EscalationLevel:
    with clock.frozen_at(LONG_AGO):
        return add_level(rule, LevelDraft(**level), actor=MAKER)  # type: ignore[arg-type]  # what a draft takes


@pytest.fixture
def ticket(promised: Portal) -> Iterator[Ticket]:
    with clock.frozen_at(FRIDAY_FIVE):
        yield make_ticket(promised, contact=make_contact(promised))


def sweep_at(moment: datetime) -> int:
    with clock.frozen_at(moment):
        return escalate_due()


def topics_of(ticket: Ticket) -> list[str]:
    events = Event.objects.filter(kind="desk.ticket", subject_id=ticket.pk).order_by("id")
    return [event.topic.rpartition(".")[2] for event in events]


def test_over_a_weekend_of_holidays_each_level_fires_when_its_working_time_has_come(
    ticket: Ticket, people: People
) -> None:
    """Friday 17:00 plus eight hours is Thursday 17:00: the weekend and three holidays do not count."""
    update_ticket(ticket, values={"assigneeId": people.agent.agent.pk}, actor=MAKER)
    rule = make_rule(ticket.portal, minutes=120, side=Side.BEFORE, marks_escalated=False, tells_assignee=True)
    add(rule, minutes=0, tells_administrators=True, raises_priority=True)
    add(rule, minutes=60, new_assignee=people.administrator.agent, marks_escalated=True)
    assert sweep_at(SOLUTION_DUE - 2 * HOUR - timedelta(minutes=1)) == 0
    assert sweep_at(SOLUTION_DUE - 2 * HOUR) == 1
    assert sweep_at(SOLUTION_DUE) == 1
    assert sweep_at(SOLUTION_DUE + timedelta(minutes=59)) == 0
    assert sweep_at(SOLUTION_DUE + HOUR) == 1
    assert sweep_at(SOLUTION_DUE + timedelta(days=30)) == 0
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.is_escalated) == ("Medium", True)
    assert ticket.assignee == people.administrator.agent
    assert topics_of(ticket).count("escalation_fired") == 3
    assert topics_of(ticket).count("escalated") == 1
    assert CustomerTally.objects.get(portal=ticket.portal).escalated == 1


def test_a_reminder_before_the_deadline_falls_into_working_time(promised: Portal) -> None:
    make_rule(promised, minutes=240, side=Side.BEFORE)
    with clock.frozen_at(FRIDAY_FIVE - 6 * HOUR):
        ticket = make_ticket(promised, values={"dueDate": datetime(2026, 9, 24, 2, tzinfo=UTC)})
    friday_at_four = datetime(2026, 9, 18, 7, tzinfo=UTC)
    assert sweep_at(friday_at_four - timedelta(minutes=1)) == 0
    assert sweep_at(friday_at_four) == 1
    assert topics_of(ticket)[-1] == "escalated"


def test_after_a_standstill_all_levels_fire_in_their_order_and_once(ticket: Ticket, people: People) -> None:
    rule = make_rule(ticket.portal, minutes=0, marks_escalated=False, new_assignee=people.agent.agent)
    add(rule, minutes=60, new_assignee=people.administrator.agent)
    assert [sweep_at(SOLUTION_DUE + timedelta(days=40)) for _ in range(2)] == [2, 0]
    ticket.refresh_from_db()
    assert ticket.assignee == people.administrator.agent


def test_nothing_fires_on_hold_and_what_passed_meanwhile_fires_afterwards(ticket: Ticket) -> None:
    make_rule(ticket.portal, minutes=60)
    with clock.frozen_at(SOLUTION_DUE + timedelta(minutes=5)):
        update_ticket(ticket, values={"status": "On Hold"}, actor=MAKER)
    later = SOLUTION_DUE + timedelta(days=5)
    assert sweep_at(later) == 0
    with clock.frozen_at(later):
        update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
    assert [sweep_at(later) for _ in range(2)] == [1, 0]


def test_an_answer_or_the_end_of_the_ticket_calls_it_off(promised: Portal) -> None:
    make_rule(promised, deadline=Deadline.RESPONSE)
    make_rule(promised)
    with clock.frozen_at(FRIDAY_FIVE):
        answered, closed = make_ticket(promised), make_ticket(promised)
        send_reply(answered, html="<p>Hello</p>", to=["a@b.example"], actor=MAKER)
        close_ticket(closed, actor=MAKER)
    assert sweep_at(SOLUTION_DUE + HOUR) == 1
    assert [topics_of(one).count("escalated") for one in (answered, closed)] == [1, 0]


def test_a_new_rule_does_not_fall_upon_what_lies_about(ticket: Ticket) -> None:
    with clock.frozen_at(SOLUTION_DUE + timedelta(days=2)):
        draft = LevelDraft(marks_escalated=True)
        rule = create_rule(ticket.portal, deadline="resolution", department=None, level=draft, actor=MAKER)
    assert sweep_at(SOLUTION_DUE + timedelta(days=3)) == 0
    with clock.frozen_at(SOLUTION_DUE + timedelta(days=4)):
        update_ticket(ticket, values={"dueDate": SOLUTION_DUE + timedelta(days=5)}, actor=MAKER)
        disable_rule(rule, actor=MAKER)
    assert sweep_at(SOLUTION_DUE + timedelta(days=6)) == 0
    with clock.frozen_at(SOLUTION_DUE + timedelta(days=7)):
        enable_rule(rule, actor=MAKER)
    assert sweep_at(SOLUTION_DUE + timedelta(days=8)) == 0


def test_a_changed_deadline_escalates_anew(ticket: Ticket) -> None:
    make_rule(ticket.portal)
    assert sweep_at(SOLUTION_DUE) == 1
    with clock.frozen_at(SOLUTION_DUE):
        update_ticket(ticket, values={"dueDate": SOLUTION_DUE + HOUR, "isEscalated": False}, actor=MAKER)
    assert [sweep_at(SOLUTION_DUE + 2 * HOUR) for _ in range(2)] == [1, 0]


def test_a_level_that_moves_its_own_deadline_tells_nobody_twice(promised: Portal, people: People) -> None:
    """Raising the priority makes the target tighter, so that the ticket has been late for longer; not late once more."""
    make_rule(promised, raises_priority=True, tells_administrators=True, marks_escalated=False)
    with clock.frozen_at(FRIDAY_FIVE):
        ticket = make_ticket(promised, values={"priority": "Medium"})
    with clock.frozen_at(SOLUTION_DUE):
        assert (tell_overdue(), escalate_due()) == (2, 1)
    ticket.refresh_from_db()
    assert ticket.due_at is not None
    assert ticket.due_at < SOLUTION_DUE
    with clock.frozen_at(SOLUTION_DUE + HOUR):
        assert (tell_overdue(), escalate_due()) == (0, 0)
    assert Notice.objects.filter(person=people.administrator.person).count() == 1


def test_another_department_and_another_portal_are_left_alone(ticket: Ticket) -> None:
    other = make_portal(name="Other")
    create_targets(other, TargetDraft(minutes={"": (240, 480)}), actor=MAKER)
    rule = make_rule(ticket.portal)
    elsewhere = ticket.portal.departments.create(name="Abroad")
    EscalationRule.objects.filter(pk=rule.pk).update(department=elsewhere)
    with clock.frozen_at(FRIDAY_FIVE):
        mine, theirs = make_ticket(ticket.portal, department=elsewhere), make_ticket(other)
    assert sweep_at(SOLUTION_DUE + HOUR) == 1
    assert [topics_of(one).count("escalated") for one in (mine, ticket, theirs)] == [1, 0, 0]


def test_mails_reach_each_reader_once_in_their_language(ticket: Ticket, people: People) -> None:
    person = people.administrator.person
    type(person).objects.filter(pk=person.pk).update(language="ja", time_zone="Asia/Tokyo")
    update_ticket(ticket, values={"assigneeId": people.administrator.agent.pk}, actor=MAKER)
    agents = [people.administrator.agent, people.agent.agent]
    make_rule(ticket.portal, minutes=60, side=Side.BEFORE, tells_assignee=True, told_agents=agents)
    with clock.frozen_at(SOLUTION_DUE - HOUR):
        escalate_due()
        run_jobs()
    by_address = {message.to[0]: message.message() for message in mail.outbox}
    assert by_address.keys() == {person.email, people.agent.person.email}
    assert by_address[person.email]["Subject"] == f"残り1時間: ロガーが切断される [#{ticket.number}]"
    assert by_address[people.agent.person.email]["Subject"] == f"1 hour left: ロガーが切断される [#{ticket.number}]"
    text = by_address[person.email].get_body(("plain",)).get_content()
    assert f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/" in text
    assert by_address[person.email]["Auto-Submitted"] == "auto-generated"
    assert not Notice.objects.exclude(state=NoticeState.SENT).exists()


def test_who_left_or_may_not_see_the_department_is_told_nothing(ticket: Ticket, people: People) -> None:
    elsewhere = ticket.portal.departments.create(name="Abroad")
    people.agent.agent.departments.add(elsewhere)
    people.light_agent.agent.state = "inactive"
    people.light_agent.agent.save()
    make_rule(ticket.portal, told_agents=[people.agent.agent, people.light_agent.agent])
    assert sweep_at(SOLUTION_DUE) == 1
    assert not Notice.objects.exists()


def test_a_mail_that_has_become_needless_does_not_leave(ticket: Ticket, people: People) -> None:
    make_rule(ticket.portal, tells_administrators=True)
    with clock.frozen_at(SOLUTION_DUE):
        escalate_due()
        close_ticket(ticket, actor=MAKER)
        run_jobs()
    assert mail.outbox == []
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_the_history_names_the_rule_and_the_page_says_what_comes_next(ticket: Ticket, people: People) -> None:
    rule = make_rule(ticket.portal, minutes=60, side=Side.BEFORE, tells_administrators=True)
    add(rule, minutes=30, is_working_time=False, raises_priority=True)
    with clock.frozen_at(SOLUTION_DUE - HOUR), translation.override("en"):
        escalate_due()
        ticket = Ticket.objects.select_related("status", "portal").get(pk=ticket.pk)
        said = [str(item.html) for item in conversation_of(ticket, str) if isinstance(item, EventLine)]
        coming = coming_of(ticket, hours_of(ticket.portal))
        page = people.client_of("agent").get(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/").text
    assert any(
        "Escalation rule “Solution of the ticket · all departments”, level 1 (1 hour of working time before the deadline)"
        in line
        for line in said
    )
    assert coming is not None
    assert (coming.at, coming.deeds) == (SOLUTION_DUE + timedelta(minutes=30), [("flag", "Raise the priority by one")])
    assert "Raise the priority by one" in page
    assert "Escalated" in page


def test_a_person_who_escalates_tells_of_it_once(ticket: Ticket) -> None:
    for values in ({"status": "Escalated"}, {"isEscalated": True}, {"priority": "High"}):
        update_ticket(ticket, values=values, actor=MAKER)
    assert topics_of(ticket).count("escalated") == 1


def test_rules_are_set_on_their_pages(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    url = f"/desk/{portal.pk}/settings/escalations/"
    form = {"deadline": "response", "side": "before", "clock": "real", "minutes-hours": "2"}
    refused = client.post(f"{url}new/", form)
    assert refused.status_code == 422
    assert "Choose at least one thing that happens." in refused.text
    assert client.post(f"{url}new/", {**form, "told": ["assignee", "administrators"]}).status_code == 302
    shown = client.get(url).text
    assert "2 hours before the deadline" in shown
    assert "Mail to the assignee, the administrators" in shown
    level = EscalationLevel.objects.get()
    assert client.get(f"{url}levels/{level.pk}/").status_code == 200
    client.post(
        f"{url}{level.rule_id}/levels/new/", {"side": "after", "clock": "working", "deeds": ["marks_escalated"]}
    )
    assert EscalationLevel.objects.count() == 2
    client.post(f"{url}{level.rule_id}/deactivation/")
    assert not EscalationRule.objects.get().is_enabled
    client.post(f"{url}levels/{level.pk}/deletion/")
    client.post(f"{url}{level.rule_id}/deletion/")
    assert not EscalationRule.objects.exists()


def test_another_moment_counts_from_now_and_the_last_level_takes_the_rule_along(ticket: Ticket) -> None:
    rule = make_rule(ticket.portal)
    level = rule.levels.get()
    with clock.frozen_at(SOLUTION_DUE - HOUR):
        change_level(level, LevelDraft(minutes=120, side=Side.BEFORE, raises_priority=True), actor=MAKER)
    assert sweep_at(SOLUTION_DUE) == 0
    remove_level(level, actor=MAKER)
    assert not EscalationRule.objects.exists()


def test_a_level_of_another_portals_people_is_refused(portal: Portal, people: People) -> None:
    stranger = make_portal(name="Other").agents.all()[0]
    with pytest.raises(InvalidValues):
        make_rule(portal, told_agents=[stranger])


def test_a_sweep_costs_as_many_queries_for_many_rules_that_are_not_due(
    ticket: Ticket, django_assert_max_num_queries: object
) -> None:
    rule = make_rule(ticket.portal)
    for minutes in (10, 20, 30):
        add(rule, minutes=minutes, marks_escalated=True)
    with clock.frozen_at(FRIDAY_FIVE), django_assert_max_num_queries(14):  # type: ignore[operator]
        escalate_due()


_OFFICE = (*[(Span(540, 720), Span(780, 1080))] * 5, (), ())
_TIMES = [AROUND_THE_CLOCK, WorkingTime(ZoneInfo("Asia/Tokyo"), _OFFICE, frozenset({date(2026, 9, 21)}))]
_START = datetime(2026, 9, 14, tzinfo=UTC)
_moments = st.integers(0, 20_000).map(lambda minutes: _START + timedelta(minutes=minutes))
_steps = st.builds(
    Step,
    level_id=st.integers(1, 4),
    deadline=st.sampled_from(Deadline),
    side=st.sampled_from(Side),
    seconds=st.integers(0, 3_000).map(lambda minutes: minutes * 60.0),
    is_working_time=st.booleans(),
    counts_from=_moments,
)
_levels = st.lists(_steps, max_size=4, unique_by=lambda step: step.level_id)


@given(_moments, st.integers(0, 5_000), st.sampled_from(_TIMES))
def test_going_back_and_forth_in_working_time_is_the_same(moment: datetime, minutes: int, time: WorkingTime) -> None:
    back = time.before(moment, minutes * 60)
    assert back is not None
    assert time.between(back, moment) == minutes * 60
    if minutes:
        assert time.between(back + timedelta(seconds=1), moment) < minutes * 60


@given(_steps, _moments, _moments, st.sampled_from(_TIMES))
def test_whatever_is_due_lies_in_the_range_that_is_searched(
    step: Step, due_at: datetime, now: datetime, time: WorkingTime
) -> None:
    due = firings([step], Standing({step.deadline: due_at}), set(), now, time)
    lowest, highest = window_of(step, now, _TIMES)
    if due:
        assert lowest < due_at <= highest


@given(_levels, st.lists(_moments, min_size=1, max_size=12), _moments, _moments, st.sampled_from(_TIMES))
def test_whenever_one_looks_each_level_fires_once_and_none_is_missed(
    steps: list[Step], looks: list[datetime], due_at: datetime, answer_due: datetime, time: WorkingTime
) -> None:
    standing = Standing({Deadline.RESPONSE: answer_due, Deadline.RESOLUTION: due_at})
    fired: set[tuple[int, datetime]] = set()
    seen = []
    for look in sorted(looks):
        new = firings(steps, standing, fired, look, time)
        assert all(one.moment <= look for one in new)
        assert [one.moment for one in new] == sorted(one.moment for one in new)
        seen += new
        fired |= {(one.level_id, one.due_at) for one in new}
    assert len(seen) == len({one.level_id for one in seen})
    for step in steps:
        its_due = due_at if step.deadline == Deadline.RESOLUTION else answer_due
        moment = moment_of(step, its_due, time)
        expected = moment is not None and step.counts_from < moment <= max(looks)
        assert (step.level_id in {one.level_id for one in seen}) == expected


@given(_levels, _moments, _moments, st.sampled_from(_TIMES))
def test_on_hold_nothing_fires(steps: list[Step], due_at: datetime, now: datetime, time: WorkingTime) -> None:
    assert firings(steps, Standing(dict.fromkeys(Deadline, due_at), is_held=True), set(), now, time) == []


def test_an_account_with_hours_of_its_own_escalates_by_those(promised: Portal) -> None:
    account = make_account(promised)
    calendar = promised.calendars.create(name="Always", time_zone="UTC", week=[[[0, 1440]]] * 7, country="")
    calendar.uses.create(account=account)
    make_rule(promised, minutes=60)
    with clock.frozen_at(FRIDAY_FIVE):
        make_ticket(promised, contact=make_contact(promised, account=account))
    assert sweep_at(FRIDAY_FIVE + 9 * HOUR - timedelta(minutes=1)) == 0
    assert sweep_at(FRIDAY_FIVE + 9 * HOUR) == 1
    assert EscalationFiring.objects.count() == 1
