"""Rights that a portal puts together itself: what they allow, who may give them, and what becomes of their holders."""

import pytest
from django.urls import reverse

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.desk.bulk_changes.actions import start_change
from kakehashi.desk.bulk_changes.models import BulkKind
from kakehashi.desk.conversations.mentions import agents_who_see
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.actions import LastAdministrator, change_role, create_department, set_departments
from kakehashi.desk.portals.models import Agent, AgentRole, Portal
from kakehashi.desk.portals.queries import possible_assignees
from kakehashi.desk.profiles.actions import ProfileIsHeld, copy_profile, delete_profile, update_profile
from kakehashi.desk.profiles.words import PERMISSIONS
from kakehashi.desk.ticket_merging.actions import merge_tickets
from kakehashi.desk.tickets.actions import update_ticket
from kakehashi.desk.tickets.queries import visible_tickets
from tests.desk.conftest import People
from tests.desk.test_rights import DEEDS
from tests.makers.desk import MAKER, make_contact, make_seat, make_ticket

pytestmark = pytest.mark.django_db

NEEDED = {
    "reply": "may_reply", "forward": "may_forward", "comment publicly": "may_comment_publicly", "update": "may_update",
    "close": "may_update", "delete": "may_delete", "create a ticket": "may_create", "create a contact": "may_edit_customers",
    "edit a contact": "may_edit_customers", "delete a contact": "may_edit_customers", "rename the portal": "may_administer",
    "make a department": "may_administer", "add an agent": "may_manage_agents",
}  # fmt: skip


def holder(portal: Portal, *permissions: str) -> DeskAccess:
    """A seat whose profile holds exactly these."""
    profile = copy_profile(portal, name=f"Profile {portal.profiles.count()}", source="agent", actor=MAKER)
    update_profile(profile, name=profile.name, permissions=permissions, actor=MAKER)
    seat = make_seat(portal)
    change_role(seat.agent, role=f"profile:{profile.pk}", actor=MAKER)
    return find_access(seat.person, portal.pk)


@pytest.mark.spec("P2")
@pytest.mark.parametrize("deed", NEEDED)
def test_each_deed_needs_its_own_permission(portal: Portal, deed: str) -> None:
    ticket = make_ticket(portal, contact=make_contact(portal))
    do, _roles = DEEDS[deed]
    others = [name for name in PERMISSIONS if name != NEEDED[deed]]
    with pytest.raises(NotAllowed):
        do(ticket, holder(portal, *others).actor)
    needed = {NEEDED[deed], *(["may_update"] if deed == "delete" else [])}
    if deed == "add an agent":
        needed = set(PERMISSIONS) - {"may_administer"}
    do(ticket, holder(portal, *needed).actor)


def test_merging_and_changing_many_have_permissions_of_their_own(portal: Portal) -> None:
    one, two = make_ticket(portal), make_ticket(portal)
    ids = [one.pk, two.pk]
    seat = holder(portal, "may_update")
    with pytest.raises(NotAllowed):
        merge_tickets(portal, survivor_id=one.pk, ticket_ids=ids, actor=seat.actor)
    with pytest.raises(NotAllowed):
        start_change(seat, kind=BulkKind.CLOSE, ticket_ids=ids)
    start_change(seat, kind=BulkKind.CLOSE, ticket_ids=ids[:1])
    start_change(holder(portal, "may_update", "may_bulk"), kind=BulkKind.CLOSE, ticket_ids=ids)
    merge_tickets(portal, survivor_id=one.pk, ticket_ids=ids, actor=holder(portal, "may_update", "may_merge").actor)


def test_the_list_and_the_ticket_offer_only_what_the_profile_allows(portal: Portal, people: People) -> None:
    ticket = make_ticket(portal)
    people.agent = holder(portal, "may_update")
    client = people.client_of("agent")
    listed = client.get(reverse("desk_tickets", args=[portal.pk])).content.decode()
    assert "data-bulk-bar" not in listed
    shown = client.get(reverse("desk_ticket", args=[portal.pk, ticket.pk])).content.decode()
    assert reverse("desk_ticket_merging", args=[portal.pk]) not in shown
    assert reverse("desk_ticket_deletion", args=[portal.pk, ticket.pk]) not in shown
    assert reverse("desk_ticket_closure", args=[portal.pk, ticket.pk]) in shown


def test_who_may_not_change_tickets_cannot_be_given_one(portal: Portal) -> None:
    reader, worker = holder(portal, "may_reply"), holder(portal, "may_update")
    assert worker.agent in possible_assignees(portal)
    assert reader.agent not in possible_assignees(portal)
    ticket = make_ticket(portal)
    with pytest.raises(InvalidValues):
        update_ticket(ticket, values={"assigneeId": reader.agent.pk}, actor=MAKER)
    update_profile(reader.agent.profile, name="Worker", permissions=["may_update"], actor=MAKER)  # type: ignore[arg-type]
    update_ticket(ticket, values={"assigneeId": reader.agent.pk}, actor=MAKER)


def test_departments_bind_unless_the_profile_sees_all(portal: Portal) -> None:
    mine = create_department(portal, name="Second", actor=MAKER)
    ticket = make_ticket(portal)
    bound, free = holder(portal, "may_update"), holder(portal, "sees_all_departments")
    for seat in (bound, free):
        set_departments(seat.agent, departments=[mine], actor=MAKER)
    seen = {seat: visible_tickets(find_access(seat.person, portal.pk)).count() for seat in (bound, free)}
    assert seen == {bound: 0, free: 1}
    assert {bound.agent, free.agent} & set(agents_who_see(ticket)) == {free.agent}


def test_nobody_gives_more_than_they_have(portal: Portal) -> None:
    manager = holder(portal, "may_manage_agents", "may_update")
    colleague = make_seat(portal, AgentRole.LIGHT_AGENT)
    with pytest.raises(NotAllowed):
        change_role(manager.agent, role="administrator", actor=manager.actor)
    with pytest.raises(NotAllowed):
        change_role(colleague.agent, role="agent", actor=manager.actor)
    with pytest.raises(NotAllowed):
        profile = manager.agent.profile
        assert profile is not None
        update_profile(profile, name="More", permissions=PERMISSIONS, actor=manager.actor)
    with pytest.raises(NotAllowed):
        copy_profile(portal, name="More", source="administrator", actor=manager.actor)
    change_role(colleague.agent, role=manager.agent.grant, actor=manager.actor)
    assert find_access(colleague.person, portal.pk).rights.may_manage_agents


def test_an_administrator_is_not_cut_down_by_who_is_less(portal: Portal) -> None:
    manager = holder(portal, "may_manage_agents")
    second = make_seat(portal, AgentRole.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        change_role(second.agent, role="light_agent", actor=manager.actor)


def test_the_last_administrator_cannot_take_a_profile(portal: Portal) -> None:
    only = Agent.objects.get(portal=portal, role=AgentRole.ADMINISTRATOR)
    profile = copy_profile(portal, name="Nearly", source="administrator", actor=MAKER)
    with pytest.raises(LastAdministrator):
        change_role(only, role=f"profile:{profile.pk}", actor=MAKER)


def test_a_profile_in_use_needs_a_successor(portal: Portal, people: People) -> None:
    seat = holder(portal, "may_reply")
    profile = seat.agent.profile
    assert profile is not None
    with pytest.raises(ProfileIsHeld):
        delete_profile(profile, successor="", actor=MAKER)
    with pytest.raises(InvalidValues):
        delete_profile(profile, successor=f"profile:{profile.pk}", actor=MAKER)
    client = people.client_of("administrator")
    url = reverse("desk_profile_deletion", args=[portal.pk, profile.pk])
    client.post(url, {"successor": "agent"})
    assert Agent.objects.get(pk=seat.agent.pk).grant == "agent"
    assert not portal.profiles.exists()


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "agent", "TAKEN"])
def test_names_are_short_and_unique(portal: Portal, people: People, name: str) -> None:
    copy_profile(portal, name="Taken", source="agent", actor=MAKER)
    answer = people.client_of("administrator").post(
        reverse("desk_profiles", args=[portal.pk]), {"name": name, "source": "agent"}
    )
    assert answer.status_code == 422
    assert portal.profiles.count() == 1


def test_a_profile_of_another_portal_is_no_choice(portal: Portal, people: People) -> None:
    elsewhere = Portal.objects.exclude(pk=portal.pk).get()
    profile = copy_profile(elsewhere, name="Theirs", source="agent", actor=MAKER)
    with pytest.raises(InvalidValues):
        change_role(people.agent.agent, role=f"profile:{profile.pk}", actor=MAKER)


def test_the_page_of_a_seat_changes_what_and_where_and_tells_it(portal: Portal, people: People) -> None:
    profile = copy_profile(portal, name="Trainee", source="light_agent", actor=MAKER)
    department = portal.departments.all()[0]
    url = reverse("desk_agent", args=[portal.pk, people.agent.agent.pk])
    client = people.client_of("administrator")
    client.post(url, {"role": f"profile:{profile.pk}", "departments": [department.pk]})
    seat = find_access(people.agent.person, portal.pk)
    assert seat.agent.profile == profile
    assert seat.department_ids == {department.pk}
    page = client.get(url).content.decode()
    assert "Trainee" in page
    assert "Support" in page
