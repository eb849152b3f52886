"""Judged pairs as the page's templates want them: labels of types, samples and errors in their places."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kakehashi.bridge.sides.records import FieldInfo
from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType

from .judging import Judgement, Line
from .samples import Samples

_TYPES = dict(FieldType.choices)


@dataclass(frozen=True, slots=True)
class ShownField:
    name: str
    label: Text
    type: Text = ""
    samples: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: Line
    crm: ShownField
    desk: ShownField
    options: Sequence[ShownField]
    error: Text

    @property
    def has_lost_its_field(self) -> bool:
        """Its Desk field is chosen and not among those that could be."""
        return bool(self.desk.name) and all(one.name != self.desk.name for one in self.options)


def show_lines(judgement: Judgement, samples: Samples, *, tells_all: bool) -> list[ShownLine]:
    """That nothing is chosen yet is told only after saving (`tells_all`); what is wrong with a choice, at once."""
    return [
        ShownLine(
            line=line,
            crm=show_field(line.crm, line.draft.crm, samples.crm.get(line.draft.crm, ())),
            desk=show_field(line.desk, line.draft.desk, samples.desk.get(line.draft.desk, ())),
            options=[show_field(one, one.api_name) for one in line.options],
            error=line.error if tells_all or line.draft.desk else "",
        )
        for line in judgement.lines
    ]


def show_field(field: FieldInfo | None, name: str, samples: Sequence[str] = ()) -> ShownField:
    """One that is gone is known by its name only."""
    if field is None:
        return ShownField(name, name)
    return ShownField(name, field.label, _TYPES.get(field.type, ""), _(", ").join(samples), field.is_required)
