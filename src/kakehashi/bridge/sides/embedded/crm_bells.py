"""The bells of our own CRM, for the seam."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.bridge.sides.news import Ring
from kakehashi.bridge.sides.questions import Place
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.actions import hush_signals, raise_signals, unhush_signals
from kakehashi.crm.sales_signals.models import Signal

from .crm_owners import CrmOwners


@dataclass(frozen=True)
class CrmBells(CrmOwners):
    """Implements `BellSide` and the rest of `OwnerSide` for one org."""

    def ring(self, rings: Sequence[Ring], absorbed: Mapping[str, Collection[str]] | None = None) -> None:
        wanted = {one.person_id for one in rings}
        here = Membership.objects.filter(
            org=self.org, person_id__in=wanted, is_active=True, person__is_active=True
        ).values_list("person_id", flat=True)
        working = set(here) if rings else set()
        records = set(
            Record.objects.filter(org=self.org, pk__in=[one.place[1] for one in rings]).values_list("pk", flat=True)
        )
        raise_signals([_signal(self.org.pk, one, records) for one in rings if one.person_id in working], absorbed)

    def signal(
        self, person_ids: Sequence[int], kind: str, place: Place, data: Mapping[str, Any], event: Place, source: str
    ) -> None:
        last = Event.objects.filter(kind=event[0], subject_id=event[1]).order_by("-id").values_list("id", flat=True)[0]
        self.ring(
            [
                Ring(one, kind, place, last, clock.now(), source=source, about=(place[1],), data=data)
                for one in dict.fromkeys(person_ids)
            ]
        )

    def hush(self, source: str) -> None:
        hush_signals(self.org.pk, source)

    def unhush(self, source: str) -> None:
        unhush_signals(self.org.pk, source)


def _signal(org_id: int, ring: Ring, records: set[int]) -> Signal:
    module, record_id = ring.place
    return Signal(
        org_id=org_id,
        person_id=ring.person_id,
        kind=ring.kind,
        event_id=ring.event_id,
        record_id=record_id if record_id in records else None,
        about=[one for one in ring.about if one],
        source=ring.source,
        thread=ring.thread,
        data={"module": module, **ring.data},
        at=ring.at,
    )
