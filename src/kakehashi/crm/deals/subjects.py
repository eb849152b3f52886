"""Whether a deal is open, won or lost, as something a filter can ask for, whatever its stages are called."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject
from kakehashi.crm.modules.schema import ModuleSchema

from .stages import MODULE, STAGE, StageType, values_of_type

NAME = "Stage_Type"
_CHOICES = [
    (StageType.OPEN.value, pgettext_lazy("type of a stage", "Open")),
    (StageType.WON.value, pgettext_lazy("type of a stage", "Won")),
    (StageType.LOST.value, pgettext_lazy("type of a stage", "Lost")),
]


def standing_of_deals(module: ModuleSchema) -> Sequence[Subject]:
    if module.api_name != MODULE or STAGE not in module.fields:
        return []

    def ask(_org_id: int, values: Sequence[str]) -> Q:
        """A stage that nobody knows counts as open, as everywhere."""
        wanted = set(values) or set(StageType)
        over = [one for one in (StageType.WON, StageType.LOST) if one not in wanted]
        if StageType.OPEN in wanted:
            return ~Q(values__Stage__in=values_of_type(module, *over)) if over else Q(pk__isnull=False)
        return Q(values__Stage__in=values_of_type(module, *(one for one in StageType if one in wanted)))

    return [Subject(NAME, _("Standing of the deal"), Family.CHOICE, choices=_CHOICES, ask=ask)]
