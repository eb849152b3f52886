"""What is promised to whom, read at once for any number of tickets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.desk.business_hours.queries import Hours, hours_of
from kakehashi.desk.deadlines.clock import Targets
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .choosing import Promise, choose_promise
from .models import Target, TargetSet


@dataclass(frozen=True, slots=True)
class Promises:
    """All promises of a portal and the hours in which they count."""

    hours: Hours
    promises: Sequence[Promise]

    def promise_for(self, ticket: Ticket) -> Promise | None:
        return choose_promise(
            self.promises,
            department_id=ticket.department_id,
            account_id=ticket.account_id,
            priority=ticket.priority,
        )

    def targets_for(self, ticket: Ticket) -> Targets:
        time = self.hours.time_for(ticket.department_id, ticket.account_id)
        if (promise := self.promise_for(ticket)) is None:
            return Targets(time)
        return Targets(time, _seconds(promise.response_minutes), _seconds(promise.resolution_minutes))


def promises_of(portal: Portal) -> Promises:
    """Four queries, however many tickets are to be followed."""
    return Promises(
        hours_of(portal),
        [
            Promise(
                row.target_set_id,
                row.target_set.department_id,
                row.target_set.account_id,
                row.priority,
                row.response_minutes,
                row.resolution_minutes,
            )
            for row in _targets(portal.pk)
        ],
    )


@fixed_read
def _targets(portal_id: int) -> QuerySet[Target]:
    return Target.objects.filter(target_set__portal_id=portal_id).select_related("target_set")


def target_sets(portal: Portal) -> list[TargetSet]:
    """The most general first."""
    rows = TargetSet.objects.filter(portal=portal).select_related("department", "account").prefetch_related("targets")
    return sorted(rows, key=lambda row: (row.account_id is not None, row.department_id is not None, row.pk))


def _seconds(minutes: int | None) -> float | None:
    return None if minutes is None else minutes * 60.0
