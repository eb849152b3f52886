"""What a card of the board says of its deal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import kind_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.badges import Badge, badges_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RecordMark

from .stages import STAGE, Stage

_MOST_BADGES = 3


@dataclass(frozen=True, slots=True)
class DealCard:
    """Empty is what nobody filled in, and what this person's profile hides."""

    id: int
    name: str
    url: str
    move_url: str
    stage: str
    account: str
    amount: str
    next_step: str
    badges: Sequence[Badge]  # of other pick lists, as far as a colour says something
    owner: str
    closing: date | None
    is_late: bool
    marks: Sequence[RecordMark]


def cards_of(
    module: ModuleSchema,
    stage: Stage,
    records: Sequence[Record],
    names: Names,
    marks: Mapping[int, Sequence[RecordMark]],
) -> list[DealCard]:
    today = timezone.localdate(clock.now())
    return [_card(module, stage, record, names, today, marks.get(record.pk, ())) for record in records]


def closing_date(record: Record, module: ModuleSchema) -> date | None:
    value = record.values.get("Closing_Date") if "Closing_Date" in module.fields else None
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:  # the field's type was changed since
        return None


def shown(record: Record, name: str, module: ModuleSchema, names: Names) -> str:
    field, value = module.fields.get(name), record.values.get(name)
    return kind_of(field).display(value, field, names) if field and value is not None else ""


def _badges(module: ModuleSchema, record: Record) -> list[Badge]:
    fields = (field for name, field in module.fields.items() if name != STAGE and not field.is_hidden)
    return [badge for field in fields for badge in badges_of(module, field, record.values.get(field.api_name))][
        :_MOST_BADGES
    ]


def _card(
    module: ModuleSchema, stage: Stage, record: Record, names: Names, today: date, marks: Sequence[RecordMark]
) -> DealCard:
    closing = closing_date(record, module)
    address = [record.org_id, module.api_name, record.pk]
    return DealCard(
        id=record.pk,
        name=record.name,
        url=reverse("crm_record", args=address),
        move_url=reverse("crm_deal_stage", args=address),
        stage=stage.value,
        account=shown(record, "Account_Name", module, names),
        amount=shown(record, "Amount", module, names),
        next_step=shown(record, "Next_Step", module, names) if stage.is_open else "",
        badges=_badges(module, record),
        owner=record.owner.name if record.owner else "",
        closing=closing,
        is_late=bool(closing and stage.is_open and closing < today),
        marks=marks,
    )
