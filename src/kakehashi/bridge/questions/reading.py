"""Questions page by page: what waits stands first, the longest due before the others; what is settled follows, the newest first."""

from collections.abc import Callable, Sequence
from datetime import UTC

from django.db.models import BigIntegerField, Case, QuerySet, When
from django.db.models.functions import Cast, Extract

from kakehashi.bridge.connection.models import Connection
from kakehashi.core.keyset import place_of, read_place, rows_beyond

from .models import WAITING, Question, QuestionState

PAGE_SIZE = 30
_BATCH = 200
_MOST_BATCHES = 10
_URGENCY = "urgency"
_DUE = Cast(Extract("due_at", "epoch", tzinfo=UTC), BigIntegerField())


def questions_of(connection: Connection, show: str, person_id: int) -> QuerySet[Question]:
    """Those of a filter, whoever may read them: "mine" were put to this person, "asked" by them."""
    rows = Question.objects.filter(connection=connection)
    if show == "mine":
        return rows.filter(readers__person_id=person_id)
    if show == "asked":
        return rows.filter(asked_by_id=person_id)
    if show == "answered":
        return rows.filter(state=QuestionState.ANSWERED)
    return rows.filter(state__in=WAITING) if show == "open" else rows


def waiting_for(connection: Connection, person_id: int) -> int:
    """How many questions wait for this person's answer; one query."""
    return questions_of(connection, "mine", person_id).filter(state__in=WAITING).count()


def read_page(
    rows: QuerySet[Question], readable: Callable[[Sequence[Question]], Sequence[Question]], *, after: str = ""
) -> tuple[list[Question], str]:
    """Those of the rows that `readable` lets through, and the place after which others go on ("" at the end). Raises `NotFound` for what
    is no place.
    """
    ordered = rows.annotate(**{_URGENCY: Case(When(state__in=WAITING, then=_DUE * -1), output_field=BigIntegerField())})
    found: list[Question] = []
    for _step in range(_MOST_BATCHES):
        batch = rows_beyond(ordered, _URGENCY, read_place(after), is_falling=True, may_be_empty=True, most=_BATCH)
        found += readable(batch)
        if len(found) > PAGE_SIZE:
            return found[:PAGE_SIZE], place_of(found[PAGE_SIZE - 1], _URGENCY)
        if len(batch) < _BATCH:
            return found, ""
        after = place_of(batch[-1], _URGENCY)
    return found, after
