"""Who may read and answer a question in the CRM: whom it was put to, their superiors once it was late, and who sees the record. Who asked
reads it, too, and the answer.
"""

from collections.abc import Callable, Iterable, Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

from .models import Question, Reader

_May = Callable[[Sequence[Question], CrmSide, Actor], list[Question]]


def connection_of(visit: Visit) -> Connection:
    """Raises `NotFound` where nothing is connected."""
    connection = living_connection(visit.org_id)
    if connection is None:
        raise NotFound
    return connection


def find_question(visit: Visit, question_id: int) -> Question:
    """To read it. Raises `NotFound`."""
    return _found(visit, question_id, readable)


def find_answerable(visit: Visit, question_id: int) -> Question:
    """To answer it. Raises `NotFound`."""
    return _found(visit, question_id, answerable)


def readable(questions: Sequence[Question], crm: CrmSide, actor: Actor) -> list[Question]:
    """Those of the questions that a person may read. A query for each module that they are about, however many they are."""
    others = {one.pk for one in answerable([one for one in questions if not _is_own(one, actor)], crm, actor)}
    return [one for one in questions if _is_own(one, actor) or one.pk in others]


def answerable(questions: Sequence[Question], crm: CrmSide, actor: Actor) -> list[Question]:
    """Those that a person may answer, in as many queries."""
    told = Reader.objects.filter(question__in=questions, person_id=actor.person_id or 0)
    own = set(told.values_list("question_id", flat=True)) if questions else set()
    others = [one for one in questions if one.pk not in own]
    seen = {
        (module, record_id)
        for module in sorted({one.module for one in others})
        for record_id in _visible(crm, module, (one.record_id for one in others if one.module == module), actor)
    }
    return [one for one in questions if one.pk in own or (one.module, one.record_id) in seen]


def _found(visit: Visit, question_id: int, may: _May) -> Question:
    connection = connection_of(visit)
    found = Question.objects.filter(connection=connection, pk=question_id).first()
    if found is None or not may([found], crm_side(visit.org_id), visit.actor):
        raise NotFound
    found.connection = connection
    return found


def _is_own(question: Question, actor: Actor) -> bool:
    return question.asked_by_id == actor.person_id


def _visible(crm: CrmSide, module: str, ids: Iterable[int], actor: Actor) -> Iterable[int]:
    try:
        return crm.visible_among(module, sorted(set(ids)), actor)
    except NotFound:  # a module that is hidden from this person
        return ()
