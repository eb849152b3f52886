"""From events to signals: who has to be told of what happened in the CRM."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kakehashi.core.errors import NotFound
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.crm.imports.models import Import, ImportState
from kakehashi.crm.notes.models import NoteMention
from kakehashi.crm.orgs.access import find_access
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import visible_records
from kakehashi.identity.people.models import Person

from .actions import raise_signals
from .kinds import ASSIGNED, IMPORT_FINISHED, MENTIONED, SignalKind
from .models import Signal

_NOTES = ("crm.record.note_added", "crm.record.note_changed")
_IMPORTS = "crm.import.finished"
TOPICS = ["crm.record.created", "crm.record.updated", *_NOTES, _IMPORTS]
_LONG_IMPORT_ROWS = 1_000  # who starts a shorter one sees its end on the page
_LOOKED_AT_AGAIN = 50


def hear(markers: Sequence[Marker]) -> None:
    """May see one event twice; a person is told once."""
    wanted: defaultdict[int, list[Marker | Event]] = defaultdict(list)
    heard: list[Marker | Event] = [*(marker for marker in markers if marker.id), *_parked(markers)]
    for event in heard:
        if event.topic == _IMPORTS:
            continue
        if not event.origin:  # what an import or the sync does is told by them, not row by row
            wanted[event.subject_id].append(event)
    records = (
        Record.objects.filter(pk__in=wanted, deleted_at=None)
        .select_related("module", "owner")
        .defer("search", "values")
    )
    about_records = [
        signal
        for record in records
        for signal in (*_assignments(record, wanted[record.pk]), *_mentions(record, wanted[record.pk]))
    ]
    raise_signals([*about_records, *_imports([event for event in heard if event.topic == _IMPORTS])])


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
            if record.owner and record.owner_id != event.person_id and _may_see(record.owner, record):
                yield _signal(ASSIGNED, record, record.owner, event)
            return


def _mentions(record: Record, events: Sequence[Marker | Event]) -> Iterator[Signal]:
    """Colleagues whom a note calls by name, once per note however often it is changed, if they may see the record."""
    by_note = {event.data["note"]: event for event in sorted(events, key=_id_of) if event.topic in _NOTES}
    if not by_note:
        return
    told = Signal.objects.filter(kind=MENTIONED.code, record=record).values_list("person_id", "data__note")
    known = set(told)
    marks = NoteMention.objects.select_related("person", "note").filter(note__in=by_note, note__deleted_at=None)
    for mark in marks.filter(note__record=record):
        event = by_note[mark.note_id]
        is_news = mark.person_id != event.person_id and (mark.person_id, mark.note_id) not in known
        if is_news and _may_see(mark.person, record):
            yield _signal(MENTIONED, record, mark.person, event, note=mark.note_id)


def _imports(events: Sequence[Marker | Event]) -> Iterator[Signal]:
    """Who started a long import has gone on with other things."""
    by_import = {event.subject_id: event for event in sorted(events, key=_id_of)}
    found = Import.objects.filter(pk__in=by_import, rows_total__gte=_LONG_IMPORT_ROWS)
    for source in found.select_related("file", "started_by"):
        if source.started_by is None:
            continue
        event = by_import[source.pk]
        yield Signal(
            org_id=source.org_id,
            person=source.started_by,
            kind=IMPORT_FINISHED.code,
            event_id=event.id,
            data={
                "import": source.pk,
                "file": source.file.name,
                "rows": source.rows_done,
                "is_failed": source.state == ImportState.FAILED,
            },
            at=event.at,
        )


def _id_of(event: Marker | Event) -> int:
    return event.id


def _may_see(person: Person, record: Record) -> bool:
    try:
        access = find_access(person, record.org_id)
    except NotFound:
        return False
    module = access.schema.by_id.get(record.module_id)
    return module is not None and visible_records(access, module).filter(pk=record.pk).exists()


def _signal(kind: SignalKind, record: Record, person: Person, event: Marker | Event, **more: int) -> Signal:
    return Signal(
        org_id=record.org_id,
        person=person,
        kind=kind.code,
        event_id=event.id,
        record=record,
        about=[record.pk],
        data={"by": _name_of(event.person_id), "module": record.module.api_name, **more},
        at=event.at,
    )


def _name_of(person_id: int | None) -> str:
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    return person.name if person else ""
