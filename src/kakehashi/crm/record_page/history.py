"""Everything that happened to a record, told to people: who, when, old → new, and where it came from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.leads.telling import told_conversion
from kakehashi.crm.merging.telling import told_merge, undone_merges
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import hidden_names, person_names, record_names
from kakehashi.crm.records.slots import origin_name
from kakehashi.ui.conversation import TimelineDay, TimelineEntry
from kakehashi.ui.templatetags.ui_words import day as write_day

from .deeds import KINDS, deed_of, note_titles

SHOWN_EVENTS = 20


@dataclass(frozen=True, slots=True)
class History:
    days: Sequence[TimelineDay]
    older: int | None  # the event after which older ones go on


def history_of(record: Record, module: ModuleSchema, *, before: int | None = None, kind: str = "") -> History:
    """Newest first, `SHOWN_EVENTS` at a time; with `kind` only what is of it, see `deeds.KINDS`."""
    events = Event.objects.filter(kind="crm.record", subject_id=record.pk, tenant=f"org:{module.org_id}")
    if kind in KINDS:
        events = events.filter(topic__in=KINDS[kind].topics)
    if before:
        events = events.filter(id__lt=before)
    found = list(events.order_by("-id")[: SHOWN_EVENTS + 1])
    shown = [event for event in found[:SHOWN_EVENTS] if _may_be_told(event, module)]
    words = _Words(_names(shown, module), note_titles(shown), undone_merges(shown))
    days = [
        TimelineDay(write_day(date), [_entry(event, module, words) for event in group])
        for date, group in groupby(shown, key=lambda event: timezone.localtime(event.at).date())
    ]
    return History(days, found[SHOWN_EVENTS - 1].id if len(found) > SHOWN_EVENTS else None)


def _may_be_told(event: Event, module: ModuleSchema) -> bool:
    """Not when all that it changed is hidden from the reader."""
    return "changes" not in event.data or bool(_changes(event, module))


def _changes(event: Event, module: ModuleSchema) -> dict[str, Sequence[Any]]:
    """Old and new values by field, without the fields that the reader may not see."""
    hidden = hidden_names(module)
    return {name: pair for name, pair in (event.data.get("changes") or {}).items() if name not in hidden}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the entries of a page name, read once for all of them."""

    names: Names
    notes: Mapping[int, str]
    undone_merges: Collection[int]


def _entry(event: Event, module: ModuleSchema, words: _Words) -> TimelineEntry:
    deed = deed_of(event.topic)
    changes = _changes(event, module)
    told = _sentence(event, deed.sentence, words.notes)
    origin = origin_name(event.origin)
    if origin:
        told = format_html('{} <span class="k-muted">{}</span>', told, origin)
    if more := told_merge(event, module, words.undone_merges) or told_conversion(event, module):
        told = format_html("{} {}", told, more)
    lines = format_html_join("", "{}", ((_change(name, pair, module, words.names),) for name, pair in changes.items()))
    return TimelineEntry(
        format_html('<div>{}</div><ul class="k-changes">{}</ul>', told, lines) if changes else told,
        event.at,
        icon=deed.icon,
        is_blue=event.topic == "crm.record.created",
    )


def _sentence(event: Event, sentence: Text, notes: Mapping[int, str]) -> SafeString:
    """The gaps that a deed's sentence may have: {person}, {tag}, {file}, {note}, {about}."""
    gaps = {key: str(event.data[key]) for key in ("tag", "file") if key in event.data}
    gaps["note"] = notes.get(event.data.get("note", 0), "")
    shown = {
        key: format_html("“{}”" if get_language() != "ja" else "「{}」", text) if text else ""
        for key, text in gaps.items()
    }
    missing = dict.fromkeys(("tag", "file", "note"), "")
    who = format_html("<b>{}</b>", event.person_name or _("Somebody"))
    return format_html(str(sentence), **{**missing, **shown, "person": who, "about": event.data.get("about", "")})


def _change(name: str, pair: Sequence[Any], module: ModuleSchema, names: Names) -> SafeString:
    field = module.fields.get(name)
    label: Text = field.label if field else name
    old, new = (_shown(value, field, names) for value in pair)
    return format_html(
        '<li><span class="k-muted">{}</span> <span class="k-old">{}</span> <span aria-label="{}">→</span> <b>{}</b></li>',
        label,
        old,
        pgettext("old value … new value", "to"),
        new,
    )


def _shown(value: Any, field: Any, names: Names) -> str:
    if value in (None, "", []):
        return _("(empty)")
    if field is None:
        return str(value)
    try:
        text = kind_of(field).display(value, field, names)
    except (ValueError, TypeError, ArithmeticError):  # the field's type was changed since
        text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _names(events: Iterable[Event], module: ModuleSchema) -> Names:
    targets: set[int] = set()
    people: set[int] = set()
    for event in events:
        for name, pair in _changes(event, module).items():
            field = module.fields.get(name)
            ids = {one for value in pair for one in ticket_ids(value) if isinstance(one, int)} if field else set()
            if field and field.type in (FieldType.LOOKUP, FieldType.MULTILOOKUP):
                targets |= ids
            if field and field.type == FieldType.OWNER:
                people |= ids
    return Names(record_names(module.org_id, targets), person_names(people), module.currency)
