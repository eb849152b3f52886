"""How long the first answer and the solution of a ticket took, as something a list can ask for: in the buckets of the statistics."""

from collections.abc import Sequence
from functools import partial

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject
from kakehashi.ui.statistics.figures import BUCKETS
from kakehashi.ui.statistics.periods import Basis
from kakehashi.ui.statistics.words import bucket_labels


def subjects_of_times() -> Sequence[Subject]:
    """Tickets from before business hours were counted have real times only: those stand for both, as in the statistics."""
    answer, solution = "first_response_seconds", "resolution_seconds"
    return [
        _in_real_time("firstResponseTime", _("First response took"), answer),
        _in_working_time("firstResponseWorkingTime", _("First response took (working time)"), answer),
        _in_real_time("resolutionTime", _("Solution took"), solution),
        _in_working_time("resolutionWorkingTime", _("Solution took (working time)"), solution),
    ]


def _in_real_time(name: str, label: Text, column: str) -> Subject:
    offer = partial(bucket_labels, Basis.REAL)
    return Subject(name, label, Family.CHOICE, offer=offer, ask=_Took(column, F(column)))


def _in_working_time(name: str, label: Text, column: str) -> Subject:
    seconds = Coalesce(F(column.replace("_seconds", "_working_seconds")), F(column))
    return Subject(name, label, Family.CHOICE, offer=partial(bucket_labels, Basis.WORKING), ask=_Took(column, seconds))


class _Took:
    """The tickets whose time lies in any of the buckets; without any named, those that have one at all."""

    def __init__(self, column: str, seconds: F | Coalesce) -> None:
        self.is_measured = Q(**{f"{column}__isnull": False})
        self.seconds = seconds

    def __call__(self, _portal_id: int, values: Sequence[str]) -> Q:
        if not values:
            return self.is_measured
        found = Q(pk__in=())
        for bucket in (one for one in BUCKETS if one.name in values):
            within = Q(GreaterThanOrEqual(self.seconds, bucket.least * 3600))
            found |= within & Q(LessThan(self.seconds, bucket.below * 3600)) if bucket.below else within
        return self.is_measured & found
