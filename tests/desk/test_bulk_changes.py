"""Many tickets changed at once: with a result for each, a way back, and nothing lost by a kill. And the bin that gives back."""

from typing import Any

import pytest
from django.urls import reverse

from kakehashi.core.errors import NotAllowed
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.desk.bulk_changes.actions import CannotBeUndone, start_change, undo_change
from kakehashi.desk.bulk_changes.models import BulkChange, BulkKind, BulkRow
from kakehashi.desk.bulk_changes.running import work_off
from kakehashi.desk.portals.access import DeskAccess, find_access
from kakehashi.desk.portals.actions import add_agent, create_department
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.actions import delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.desk.conftest import People
from tests.makers.desk import (
    MAKER,
    make_desk_person,
    make_ticket,
)

pytestmark = pytest.mark.django_db


def _change(access: DeskAccess, kind: str, *tickets: Ticket, **values: Any) -> BulkChange:
    return start_change(access, kind=BulkKind(kind), ticket_ids=[ticket.pk for ticket in tickets], values=values)


def _states(change: BulkChange) -> list[str]:
    return list(BulkRow.objects.filter(change=change).order_by("id").values_list("state", flat=True))


def test_many_change_and_come_back_but_not_what_somebody_changed_since(portal: Portal, people: People) -> None:
    tickets = [make_ticket(portal, values={"priority": level}) for level in ("Low", "High", "")]
    change = _change(people.agent, "update", *tickets, priority="High")
    assert _states(change) == ["changed", "unchanged", "changed"]
    update_ticket(tickets[2], values={"priority": "Medium"}, actor=MAKER)
    undo = undo_change(people.agent, change)
    assert _states(undo) == ["changed", "skipped"]
    levels = Ticket.objects.filter(portal=portal).order_by("pk").values_list("priority", flat=True)
    assert list(levels) == ["Low", "High", "Medium"]
    with pytest.raises(CannotBeUndone):
        undo_change(people.agent, change)


def test_one_refusal_stops_only_its_own_ticket(portal: Portal, people: People) -> None:
    """An agent may take what nobody has, and not hand on what a colleague has (spec P2)."""
    free, taken = make_ticket(portal), make_ticket(portal, values={"assigneeId": people.administrator.agent.pk})
    change = _change(people.agent, "update", free, taken, assigneeId="")
    assert _states(change) == ["unchanged", "skipped"]
    change = _change(people.agent, "update", free, assigneeId=str(people.agent.agent.pk))
    assert _states(change) == ["changed"]


def test_deleting_many_and_restoring_them_by_undo(portal: Portal, people: People) -> None:
    tickets = [make_ticket(portal) for _ in range(3)]
    change = _change(people.agent, "delete", *tickets)
    assert Ticket.objects.filter(portal=portal, deleted_at=None).count() == 0
    undo_change(people.agent, change)
    assert Ticket.objects.filter(portal=portal, deleted_at=None).count() == 3


def test_a_killed_run_goes_on_with_the_rows_that_wait_and_does_none_twice(
    portal: Portal, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kakehashi.desk.bulk_changes import running

    tickets = [make_ticket(portal) for _ in range(5)]
    monkeypatch.setattr(running, "BATCH", 2)
    real, calls = running.update_tickets, []

    def dies_in_the_second(*arguments: Any, **options: Any) -> Any:
        calls.append(options["ticket_ids"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments, **options)

    monkeypatch.setattr(running, "update_tickets", dies_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        _change(people.agent, "update", *tickets, priority="High")
    change = BulkChange.objects.get()
    assert sorted(_states(change)) == ["changed", "changed", "waiting", "waiting", "waiting"]
    work_off(change.pk)
    work_off(change.pk)
    change.refresh_from_db()
    assert (_states(change), change.finished_at is not None) == (["changed"] * 5, True)
    assert sorted(set(Ticket.objects.filter(portal=portal).values_list("version", flat=True))) == [2]


def test_light_agents_change_nothing_and_nobody_reaches_another_department(portal: Portal, people: People) -> None:
    other = create_department(portal, name="Second", actor=MAKER)
    hidden = make_ticket(portal)
    narrow = make_desk_person()
    add_agent(portal, person=narrow, role="agent", actor=MAKER, departments=[other])
    with pytest.raises(NotAllowed):
        _change(people.light_agent, "close", hidden)
    change = _change(find_access(narrow, portal.pk), "close", hidden)
    hidden.refresh_from_db()
    assert (_states(change), hidden.closed_at) == (["skipped"], None)


def test_all_of_a_view_is_chosen_by_its_filter(portal: Portal, people: People) -> None:
    tickets = [make_ticket(portal, values={"priority": "High" if number % 2 else "Low"}) for number in range(6)]
    asked = as_text(filter_of(Condition("priority", "any_of", ("High",))))
    client = people.client_of("agent")
    query = f"view=all&filter={asked}"
    answer = client.post(
        reverse("desk_bulk_start", args=[portal.pk, "close"]),
        {"everything": "1", "query": query, "selected": tickets[0].pk},
    )
    assert answer.status_code == 204
    closed = Ticket.objects.filter(portal=portal, closed_at__isnull=False)
    assert set(closed.values_list("priority", flat=True)) == {"High"}
    assert closed.count() == 3
    change = BulkChange.objects.get()
    assert client.get(reverse("desk_bulk_change", args=[portal.pk, change.pk])).status_code == 200
    assert (
        people.client_of("light_agent").get(reverse("desk_bulk_change", args=[portal.pk, change.pk])).status_code == 404
    )


def test_the_bin_shows_what_was_deleted_and_restores_it(portal: Portal, people: People) -> None:
    ticket = make_ticket(portal)
    delete_ticket(ticket, actor=MAKER)
    client = people.client_of("agent")
    assert ticket.subject in client.get(reverse("desk_ticket_bin", args=[portal.pk])).content.decode()
    client.post(reverse("desk_bulk_start", args=[portal.pk, "restore"]), {"selected": [ticket.pk]})
    ticket.refresh_from_db()
    assert ticket.deleted_at is None
