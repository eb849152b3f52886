"""Adding, changing, ordering and removing fields of tickets, and arranging them per department. No stored value is ever touched."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require

from .cleaning import PREFIX
from .models import TicketField, TicketLayout
from .queries import STANDARD, LaidOut, schemas_of
from .types import TYPES, WITH_CHOICES

MOST_FIELDS = 150
_MOST_CHOICES = 500
_LONGEST_CHOICE = 120


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """What an administrator says of a field. `choices` count for pick lists only."""

    label: str
    help_text: str = ""
    is_required: bool = False
    choices: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def add_field(portal: Portal, *, kind: str, draft: FieldDraft, actor: Actor) -> TicketField:
    """Raises `InvalidValues`."""
    known = _locked(portal, actor)
    if kind not in TYPES:
        raise InvalidValues({"type": _("There is no such choice.")})
    if len(known) >= MOST_FIELDS:
        raise InvalidValues({"label": _("At most %(limit)s fields.") % {"limit": MOST_FIELDS}})
    made = TicketField(portal=portal, type=kind, api_name=_free_name(draft.label, {one.api_name for one in known}))
    made.position = max((one.position for one in known), default=0) + 1
    return _write(made, known, draft, "created", actor)


@transaction.atomic
def change_field(changed: TicketField, *, draft: FieldDraft, actor: Actor) -> TicketField:
    """A choice that is left out is not offered any more; tickets that have it keep it. Raises `InvalidValues`."""
    return _write(changed, _locked(changed.portal, actor), draft, "updated", actor)


@transaction.atomic
def remove_field(removed: TicketField, *, actor: Actor) -> None:
    """Its values stay with the tickets, so that putting it back brings them back."""
    _locked(removed.portal, actor)
    removed.removed_at = clock.now()
    removed.save(update_fields=["removed_at"])
    _tell(removed, "removed", actor)


@transaction.atomic
def put_back_field(removed: TicketField, *, actor: Actor) -> None:
    _locked(removed.portal, actor)
    removed.removed_at = None
    removed.save(update_fields=["removed_at"])
    _tell(removed, "put_back", actor)


@transaction.atomic
def order_fields(portal: Portal, *, ids: Sequence[int], actor: Actor) -> None:
    """In the order of the ids; whatever they leave out comes after."""
    known = _locked(portal, actor)
    places = {field_id: place for place, field_id in enumerate(ids)}
    for place, one in enumerate(sorted(known, key=lambda one: (places.get(one.pk, len(places)), one.position))):
        TicketField.objects.filter(pk=one.pk).update(position=place)
    write_fact(Fact(portal.tenant, "desk.ticket_fields.ordered", "desk.portal", portal.pk), actor)


@transaction.atomic
def arrange(department: Department, *, layout: Sequence[LaidOut], actor: Actor) -> None:
    """Which fields the department's tickets show, in which order, and which must be filled in by whoever opens one."""
    portal = department.portal
    require(portal, actor, "may_administer")
    names = {*STANDARD, *schemas_of(portal)}
    rows = [
        {"name": one.name, "is_shown": one.is_shown, "is_required": one.is_required}
        for one in layout
        if one.name in names
    ]
    TicketLayout.objects.update_or_create(department=department, defaults={"rows": rows, "portal": portal})
    write_fact(Fact(portal.tenant, "desk.ticket_layout.updated", "desk.department", department.pk), actor)


@transaction.atomic
def forget_layout(department: Department, *, actor: Actor) -> None:
    """Back to the arrangement that every department has at first."""
    require(department.portal, actor, "may_administer")
    TicketLayout.objects.filter(department=department).delete()
    write_fact(Fact(department.portal.tenant, "desk.ticket_layout.updated", "desk.department", department.pk), actor)


def _locked(portal: Portal, actor: Actor) -> list[TicketField]:
    """All fields, removed ones too. The portal's row makes two administrators wait for each other."""
    require(portal, actor, "may_administer")
    Portal.objects.select_for_update(no_key=True).get(pk=portal.pk)
    return list(TicketField.objects.filter(portal=portal))


def _write(row: TicketField, known: Sequence[TicketField], draft: FieldDraft, what: str, actor: Actor) -> TicketField:
    label = " ".join(draft.label.split())
    choices = tuple(dict.fromkeys(text for line in draft.choices if (text := " ".join(line.split()))))
    if problems := _problems_of(row, known, label, choices):
        raise InvalidValues(problems)
    row.label, row.help_text, row.is_required = label, draft.help_text.strip()[:300], draft.is_required
    if row.type in WITH_CHOICES:
        before = [*row.options.get("choices", ()), *row.options.get("retired", ())]
        row.options = {"choices": list(choices), "retired": [text for text in before if text not in choices]}
    row.save()
    _tell(row, what, actor)
    return row


def _problems_of(row: TicketField, known: Sequence[TicketField], label: str, choices: Sequence[str]) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    others = {one.label.casefold() for one in known if one.pk != row.pk and one.removed_at is None}
    if not label:
        problems["label"] = _("Enter a name.")
    elif len(label) > 80:
        problems["label"] = _("At most %(limit)s characters.") % {"limit": 80}
    elif label.casefold() in others:
        problems["label"] = _("There is a field of this name already.")
    if row.type in WITH_CHOICES:
        if not choices:
            problems["choices"] = _("Write at least one choice.")
        elif len(choices) > _MOST_CHOICES:
            problems["choices"] = _("At most %(limit)s choices.") % {"limit": _MOST_CHOICES}
        elif any(len(text) > _LONGEST_CHOICE or ";" in text for text in choices):
            problems["choices"] = _("A choice has at most %(limit)s characters and no semicolon.") % {
                "limit": _LONGEST_CHOICE
            }
    return problems


def _free_name(label: str, taken: set[str]) -> str:
    """ "Device serial" → cf_device_serial; a label without Latin letters becomes a number."""
    words = "_".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", label).lower()))[:40]
    stem = f"{PREFIX}{words}" if words else f"{PREFIX}field_1"
    name, number = stem, 2
    while name in taken:
        name = f"{PREFIX}{words or 'field'}_{number}"
        number += 1
    return name


def _tell(row: TicketField, what: str, actor: Actor) -> None:
    data = {"name": row.api_name, "label": row.label, "type": row.type}
    write_fact(Fact(row.portal.tenant, f"desk.ticket_field.{what}", "desk.ticket_field", row.pk, data), actor)
