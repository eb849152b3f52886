"""From events to signals: who has to be told of what happened in the CRM."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kakehashi.core.errors import NotFound
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.crm.orgs.access import find_access
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records
from kakehashi.identity.people.models import Person

from .actions import raise_signals
from .kinds import ASSIGNED
from .models import Signal

TOPICS = ["crm.record.created", "crm.record.updated"]
_LOOKED_AT_AGAIN = 50


def hear(markers: Sequence[Marker]) -> None:
    """May see one event twice; a person is told once."""
    wanted: defaultdict[int, list[Marker | Event]] = defaultdict(list)
    heard: list[Marker | Event] = [marker for marker in markers if marker.id]
    for event in [*heard, *_parked(markers)]:
        if not event.origin:  # what an import or the sync does is told by them, not row by row
            wanted[event.subject_id].append(event)
    records = (
        Record.objects.filter(pk__in=wanted, deleted_at=None)
        .select_related("module", "owner")
        .defer("search", "values")
    )
    raise_signals([signal for record in records for signal in _assignments(record, wanted[record.pk])])


SUBSCRIBER = Subscriber("crm.signals", topics=TOPICS, handle=hear)


def _parked(markers: Sequence[Marker]) -> Iterator[Event]:
    """A subject that is tried again carries no event of its own: look at its last ones."""
    for marker in markers:
        if not marker.id:
            yield from Event.objects.filter(
                kind=marker.kind, subject_id=marker.subject_id, tenant=marker.tenant, topic__in=TOPICS
            ).order_by("-id")[:_LOOKED_AT_AGAIN]


def _assignments(record: Record, events: Sequence[Marker | Event]) -> Iterator[Signal]:
    """The owner, when somebody else made them so. Only the last change counts: who handed it on meanwhile is not told."""
    for event in sorted(events, key=lambda event: -event.id):
        if event.topic == "crm.record.created" or "Owner" in event.data.get("changes", {}):
            if record.owner_id not in (None, event.person_id) and _may_see(record):
                yield _signal(record, event)
            return


def _may_see(record: Record) -> bool:
    if record.owner is None:
        return False
    try:
        access = find_access(record.owner, record.org_id)
    except NotFound:
        return False
    module = access.schema.by_id.get(record.module_id)
    return module is not None and visible_records(access, module).filter(pk=record.pk).exists()


def _signal(record: Record, event: Marker | Event) -> Signal:
    return Signal(
        org_id=record.org_id,
        person=record.owner,
        kind=ASSIGNED.code,
        event_id=event.id,
        record=record,
        data={"by": _name_of(event.person_id), "module": record.module.api_name},
        at=event.at,
    )


def _name_of(person_id: int | None) -> str:
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    return person.name if person else ""
