"""Following tickets: who may, what is mailed to whom and never, and how it is switched off."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.urls import reverse

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.desk.bulk_changes.actions import start_change
from kakehashi.desk.bulk_changes.models import BulkKind
from kakehashi.desk.conversations.actions import add_comment, receive_message
from kakehashi.desk.followers.actions import add_followers, remove_followers
from kakehashi.desk.followers.queries import followers_of
from kakehashi.desk.followers.telling import KIND, tell_of_changes
from kakehashi.desk.notices.choices import choose
from kakehashi.desk.notices.models import Notice, NoticeState
from kakehashi.desk.portals.actions import create_department, set_departments
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.teams.actions import create_team
from kakehashi.desk.ticket_views.queries import chosen_tickets
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.tickets.actions import close_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_desk_stranger, make_seat, make_ticket
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db
CUSTOMER = Actor(person_id=None, name="相沢 美咲", origin="mail")


@pytest.fixture
def ticket(portal: Portal, people: People) -> Ticket:
    """The agent and the light agent follow it."""
    made = make_ticket(portal)
    for who in (people.agent, people.light_agent):
        add_followers(made, agents=[who.agent], actor=who.actor)
    return made


def tell(ticket: Ticket) -> None:
    """All that the event log says of the ticket, twice, as it may."""
    for event in Event.objects.filter(kind="desk.ticket", subject_id=ticket.pk).order_by("id"):
        marker = Marker(
            event.pk,
            event.tenant,
            event.topic,
            event.kind,
            ticket.pk,
            event.origin,
            event.person_id,
            event.data,
            event.at,
        )
        tell_of_changes([marker])
        tell_of_changes([marker, marker])


def told(ticket: Ticket) -> list[tuple[int | None, str]]:
    tell(ticket)
    notices = Notice.objects.filter(ticket=ticket, kind=KIND).order_by("pk")
    return [(notice.person_id, notice.data["key"]) for notice in notices]


def test_everybody_with_a_seat_follows_for_themselves_but_light_agents_add_nobody(
    ticket: Ticket, people: People
) -> None:
    assert followers_of(ticket) == [people.agent.agent, people.light_agent.agent]
    with pytest.raises(NotAllowed):
        add_followers(ticket, agents=[people.administrator.agent], actor=people.light_agent.actor)
    with pytest.raises(NotAllowed):
        remove_followers(ticket, agents=[people.agent.agent], actor=people.light_agent.actor)
    remove_followers(ticket, agents=[people.light_agent.agent], actor=people.light_agent.actor)
    assert followers_of(ticket) == [people.agent.agent]


def test_nobody_follows_what_they_may_not_see(ticket: Ticket, portal: Portal, people: People) -> None:
    elsewhere = create_department(portal, name="Repairs", actor=MAKER)
    set_departments(people.agent.agent, departments=[elsewhere], actor=MAKER)
    assert followers_of(ticket) == [people.light_agent.agent]
    receive_message(ticket, sender="a@b.example", html="<p>Hi</p>", actor=CUSTOMER)
    assert told(ticket) == [(people.light_agent.person.pk, "followed_answer")]
    with pytest.raises(InvalidValues):
        add_followers(ticket, agents=[people.agent.agent], actor=people.administrator.actor)
    stranger = make_desk_stranger()
    theirs = stranger.agents.get()
    with pytest.raises(InvalidValues):
        add_followers(ticket, agents=[theirs], actor=people.administrator.actor)


@pytest.mark.parametrize(
    ("deed", "key"),
    [
        (lambda t, who: add_comment(t, html="<p>Look</p>", actor=who), "followed_comment"),
        (lambda t, who: close_ticket(t, actor=who), "followed_status"),
        (lambda t, who: update_ticket(t, values={"status": "On Hold"}, actor=who), "followed_status"),
    ],
)
def test_followers_are_told_of_others_deeds_and_never_of_their_own(
    ticket: Ticket, people: People, deed: Callable[[Ticket, Actor], object], key: str
) -> None:
    deed(ticket, people.agent.actor)
    assert told(ticket) == [(people.light_agent.person.pk, key)]


def test_an_answer_that_opens_a_ticket_again_is_one_mail(ticket: Ticket, people: People) -> None:
    update_ticket(ticket, values={"status": "Closed"}, actor=MAKER)
    receive_message(ticket, sender="a@b.example", html="<p>Hi</p>", actor=CUSTOMER)
    keys = [key for person, key in told(ticket) if person == people.agent.person.pk]
    assert keys == ["followed_answer"]


def test_other_changes_and_those_of_many_tickets_are_told_to_nobody(ticket: Ticket, people: People) -> None:
    update_ticket(ticket, values={"priority": "High"}, actor=people.administrator.actor)
    start_change(people.administrator, kind=BulkKind.CLOSE, ticket_ids=[ticket.pk])
    assert told(ticket) == []


def test_each_kind_of_mail_has_a_switch(ticket: Ticket, people: People) -> None:
    client = people.client_of("agent")
    url = reverse("desk_notices", args=[ticket.portal_id])
    client.post(url, {"wanted": ["followed_comment"]})
    receive_message(ticket, sender="a@b.example", html="<p>Hi</p>", actor=CUSTOMER)
    add_comment(ticket, html="<p>Look</p>", actor=people.administrator.actor)
    keys = [key for person, key in told(ticket) if person == people.agent.person.pk]
    assert keys == ["followed_comment"]
    shown = client.get(url).content.decode()
    assert 'value="followed_comment" checked' in shown
    assert 'value="followed_answer" checked' not in shown


def test_whoever_is_mentioned_follows_and_gets_one_mail(ticket: Ticket, people: People) -> None:
    colleague = make_seat(ticket.portal, family_name="小林", given_name="直")
    add_comment(ticket, html=f"<p>@{colleague.person.name} please look</p>", actor=people.agent.actor)
    assert colleague.agent in followers_of(ticket)
    assert (colleague.person.pk, "followed_comment") not in told(ticket)
    assert Notice.objects.filter(person=colleague.person, kind="mention").count() == 1


def test_the_mail_says_what_happened_and_comes_only_to_who_still_sees_it(ticket: Ticket, people: People) -> None:
    receive_message(ticket, sender="相沢 美咲 <a@b.example>", html="<p>It broke again</p>", actor=CUSTOMER)
    tell(ticket)
    people.light_agent.agent.state = "inactive"
    people.light_agent.agent.save()
    run_jobs()
    (sent,) = [one for one in mail.outbox if one.to == [people.agent.person.email]]
    assert "相沢 美咲 wrote: ロガーが切断される" in sent.message()["Subject"]
    text = sent.message().get_body(("plain",)).get_content()
    assert "It broke again" in text
    assert reverse("desk_notices", args=[ticket.portal_id]) in text
    assert Notice.objects.get(person=people.light_agent.person).state == NoticeState.DROPPED


def test_a_ticket_for_a_team_is_told_to_its_members_until_somebody_takes_it(portal: Portal, people: People) -> None:
    members = [people.agent.agent, people.light_agent.agent]
    team = create_team(portal.departments.all()[0], name="First line", members=members, actor=MAKER)
    choose(people.light_agent.agent, [])
    ticket = make_ticket(portal, values={"teamId": team.pk}, actor=people.administrator.actor)
    taken = make_ticket(
        portal, values={"teamId": team.pk, "assigneeId": people.agent.agent.pk}, actor=people.administrator.actor
    )
    assert told(ticket) == [(people.agent.person.pk, "team_ticket")]
    assert told(taken) == []
    update_ticket(ticket, values={"assigneeId": people.agent.agent.pk}, actor=people.agent.actor)
    run_jobs()
    assert Notice.objects.get(ticket=ticket).state == NoticeState.DROPPED


def test_the_page_follows_and_stops(portal: Portal, people: People) -> None:
    ticket, client = make_ticket(portal), people.client_of("light_agent")
    url = reverse("desk_followers", args=[portal.pk, ticket.pk])
    own = people.light_agent.agent.pk
    assert "Follow" in client.get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    client.post(url, {"add": own})
    assert followers_of(ticket) == [people.light_agent.agent]
    assert client.post(url, {"add": people.agent.agent.pk}).status_code == 403
    assert client.post(url, {"add": "9" * 30}).status_code == 404
    client.post(url, {"remove": own})
    assert followers_of(ticket) == []


def test_lists_ask_for_what_one_follows(ticket: Ticket, portal: Portal, people: People) -> None:
    other = make_ticket(portal)

    def found(who: str, operator: str, *values: str) -> set[int]:
        asked = filter_of(Condition("followers", operator, values))
        return set(chosen_tickets(getattr(people, who), subjects_of(portal), asked).values_list("pk", flat=True))

    assert found("agent", "any_of", "me") == {ticket.pk}
    assert found("administrator", "any_of", "me") == set()
    assert found("administrator", "any_of", "team") == {ticket.pk}
    assert found("administrator", "any_of", str(people.agent.agent.pk)) == {ticket.pk}
    assert found("administrator", "empty") == {other.pk}


@pytest.mark.parametrize("many", [1, 6])
def test_a_ticket_page_costs_the_same_for_any_number_of_followers(
    portal: Portal, people: People, many: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    ticket = make_ticket(portal)
    add_followers(ticket, agents=[make_seat(portal).agent for _ in range(many)], actor=people.administrator.actor)
    client, url = people.client_of("agent"), reverse("desk_followers", args=[portal.pk, ticket.pk])
    client.get(url)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        client.get(url)
