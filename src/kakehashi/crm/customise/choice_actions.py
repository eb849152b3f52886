"""More choices for a pick list, as an import finds them in its file."""

from collections.abc import Sequence

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.crm.modules.models import Field

from .choices import ChoiceRow, arranged
from .fields import FieldDraft, change_field
from .locking import locked_field

LONGEST_CHOICE = 80


@transaction.atomic
def add_choices(field: Field, *, labels: Sequence[str], actor: Actor) -> Field:
    """Offer them behind those that are there; what is offered already stays as it is. Raises `NotFound`.

    Locks the org as every change of a field does: call it before records are written in the same transaction.
    """
    field = locked_field(field)
    there = [entry for entry in field.options.get("choices", []) if "replaced_by" not in entry]
    known = {entry["value"] for entry in there} | {entry.get("label") for entry in there}
    rows = [ChoiceRow("", label[:LONGEST_CHOICE]) for label in dict.fromkeys(labels) if label not in known]
    if not rows:
        return field
    entries = [*there, *arranged(rows, field.options.get("choices", []), {})]
    draft = FieldDraft(
        label=field.label,
        help_text=field.help_text,
        is_required=field.is_required,
        is_unique=field.is_unique,
        options={**field.options, "choices": entries},
    )
    return change_field(field, draft=draft, actor=actor)
