"""How long the first answer and the solution of a ticket took, as something a list can ask for: in the buckets of the statistics."""

from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject
from kakehashi.ui.statistics.figures import BUCKETS
from kakehashi.ui.statistics.words import bucket_labels


def subjects_of_times() -> Sequence[Subject]:
    """Tickets from before business hours were counted have real times only: those stand for both, as in the statistics."""
    answer, solution = "first_response_seconds", "resolution_seconds"
    return [
        Subject("firstResponseTime", _("First response took"), Family.CHOICE, offer=bucket_labels, ask=_Took(answer)),
        Subject("firstResponseWorkingTime", _("First response took (working time)"), Family.CHOICE, offer=bucket_labels, ask=_Took(answer, "first_response_working_seconds")),
        Subject("resolutionTime", _("Solution took"), Family.CHOICE, offer=bucket_labels, ask=_Took(solution)),
        Subject("resolutionWorkingTime", _("Solution took (working time)"), Family.CHOICE, offer=bucket_labels, ask=_Took(solution, "resolution_working_seconds")),
    ]  # fmt: skip


class _Took:
    """The tickets whose time lies in any of the buckets; without any named, those that have one at all."""

    def __init__(self, real: str, working: str = "") -> None:
        self.real = real
        self.seconds = Coalesce(F(working), F(real)) if working else F(real)

    def __call__(self, _portal_id: int, values: Sequence[str]) -> Q:
        measured = Q(**{f"{self.real}__isnull": False})
        if not values:
            return measured
        found = Q(pk__in=())
        for bucket in (one for one in BUCKETS if one.name in values):
            within = Q(GreaterThanOrEqual(self.seconds, bucket.least * 3600))
            found |= within & Q(LessThan(self.seconds, bucket.below * 3600)) if bucket.below else within
        return measured & found
