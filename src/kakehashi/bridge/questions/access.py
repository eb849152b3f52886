"""Who may read and answer a question in the CRM: whom it was put to, their superiors once it was late, and who sees the record."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

from .models import WAITING, Question, QuestionState, Reader

PAGE_SIZE = 30
_BATCH = 200
_MOST_BATCHES = 10
SHOWS = ("open", "answered", "mine", "all")


def connection_of(visit: Visit) -> Connection:
    """Raises `NotFound` where nothing is connected."""
    connection = living_connection(visit.org_id)
    if connection is None:
        raise NotFound
    return connection


def find_question(visit: Visit, question_id: int) -> Question:
    """Raises `NotFound`."""
    connection = connection_of(visit)
    found = Question.objects.filter(connection=connection, pk=question_id).first()
    if found is None or not readable([found], crm_side(visit.org_id), visit.actor):
        raise NotFound
    found.connection = connection
    return found


def questions_of(connection: Connection, show: str, actor: Actor) -> QuerySet[Question]:
    """Those of a filter, whoever may read them."""
    rows = Question.objects.filter(connection=connection)
    if show == "mine":
        return rows.filter(readers__person_id=actor.person_id or 0, state__in=WAITING)
    if show == "answered":
        return rows.filter(state=QuestionState.ANSWERED)
    return rows.filter(state__in=WAITING) if show == "open" else rows


def read_page(
    rows: QuerySet[Question], crm: CrmSide, actor: Actor, *, before: int | None = None
) -> tuple[list[Question], int | None]:
    """Newest first, as far as this person may read them, and the question before which older ones go on (None at the end)."""
    found: list[Question] = []
    for _step in range(_MOST_BATCHES):
        batch = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:_BATCH])
        found += readable(batch, crm, actor)
        if len(found) > PAGE_SIZE:
            return found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk
        if len(batch) < _BATCH:
            return found, None
        before = batch[-1].pk
    return found, before


def readable(questions: Sequence[Question], crm: CrmSide, actor: Actor) -> list[Question]:
    """Those of the questions that a person may read. A query for each module that they are about, however many they are."""
    told = Reader.objects.filter(question__in=questions, person_id=actor.person_id or 0)
    own = set(told.values_list("question_id", flat=True)) if questions else set()
    others = [one for one in questions if one.pk not in own]
    seen = {
        (module, record_id)
        for module in sorted({one.module for one in others})
        for record_id in _visible(crm, module, (one.record_id for one in others if one.module == module), actor)
    }
    return [one for one in questions if one.pk in own or (one.module, one.record_id) in seen]


def _visible(crm: CrmSide, module: str, ids: Iterable[int], actor: Actor) -> Iterable[int]:
    try:
        return crm.visible_among(module, sorted(set(ids)), actor)
    except NotFound:  # a module that is hidden from this person
        return ()
