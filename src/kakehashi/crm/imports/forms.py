"""What the mapping page sends."""

from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kakehashi.crm.modules.schema import ModuleSchema

from .actions import Choices, choices_of
from .columns import (
    ADD,
    CREATE,
    DAY_FIRST,
    LEAVE_EMPTY,
    MONTH_FIRST,
    REFUSE,
    YEAR_FIRST,
    Column,
)
from .models import Import, MatchPolicy
from .new_fields import OFFERED

MOST_MATCH_FIELDS = 4


def choices_from(data: QueryDict, source: Import, module: ModuleSchema) -> Choices:
    """The choices as they stand on the page. What a page did not show stays as it was kept."""
    kept = choices_of(source)
    columns = [_column(data, index, column, module) for index, column in enumerate(kept.columns)]
    for name, value in data.items():
        field = name.removeprefix("fill-")
        if field != name and str(value).isdecimal() and int(str(value)) < len(columns):
            columns[int(str(value))] = columns[int(str(value))].becoming(field, module)
    policy = data.get("policy", kept.policy)
    return Choices(
        columns,
        list(dict.fromkeys(filter(None, (data.get(f"match-{place}", "") for place in range(MOST_MATCH_FIELDS))))),
        policy if policy in MatchPolicy.values else kept.policy,
        "fills_only" in data,
    )


def _column(data: QueryDict, index: int, column: Column, module: ModuleSchema) -> Column:
    field = data.get(f"column-{index}", column.field)
    if field != column.field:
        return column.becoming(field, module)
    missing = data.get(f"missing-{index}", column.missing)
    order = data.get(f"order-{index}", column.day_order)
    has_boxes = f"boxes-{index}" in data
    return replace(
        column,
        missing=missing if missing in (REFUSE, LEAVE_EMPTY, ADD, CREATE) else column.missing,
        day_order=order if order in (YEAR_FIRST, DAY_FIRST, MONTH_FIRST) else column.day_order,
        drops_honorific=f"honorific-{index}" in data if has_boxes else column.drops_honorific,
        restores_zero=f"zero-{index}" in data if has_boxes else column.restores_zero,
    )


class NewFieldForm(forms.Form):
    """A field to be made from a column: begin with the column's heading and with what its cells look like."""

    label = forms.CharField(label=_("Label"), max_length=80)
    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[(kind.value, kind.label) for kind in OFFERED],
        help_text=_("Guessed from the sample values. Of a pick list, the values of this column become the choices."),
    )
