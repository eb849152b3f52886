"""Questions that nobody answered in time go to the owner's superior: once, however long nobody looked."""

import logging

from django.db import transaction
from django.utils.translation import override, pgettext

from kakehashi.bridge.connection.models import State
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import NotFound

from .actions import ring, tell
from .letters import write_of_question
from .models import Question, QuestionState, Reader
from .words import remark_of_escalation

logger = logging.getLogger(__name__)

BATCH = 200


def escalate_due() -> int:
    """Everything that is due in any living connection. Answers how many. One that fails does not keep the others waiting: it is tried
    again in a minute.
    """
    now, last, count = clock.now(), 0, 0
    due = Question.objects.filter(state=QuestionState.OPEN, due_at__lte=now).exclude(connection__state=State.DISABLED)
    while ids := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for question_id in ids:
            count += _tried(question_id)
        last = ids[-1]
    return count


def _tried(question_id: int) -> bool:
    try:
        return escalate(question_id)
    except NotFound:  # the ticket lies in the recycle bin: nobody needs an answer now
        return False
    except Exception:
        logger.exception("Escalating question %s failed", question_id)
        return False


@transaction.atomic
def escalate(question_id: int) -> bool:
    """The state, the comment, the bells and the mails together. False where somebody was quicker."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("connection")
    question = rows.filter(pk=question_id, state=QuestionState.OPEN, due_at__lte=clock.now()).first()
    if question is None:
        return False
    connection = question.connection
    desk = desk_side(connection.portal_id)
    ticket = desk.asked_ticket(question.ticket_id, SYSTEM)
    superiors = crm_side(connection.org_id).superiors(question.asked_id)
    question.state, question.escalated_at = QuestionState.ESCALATED, clock.now()
    with override(desk.language):
        question.escalated_to = pgettext("between superiors", ", ").join(one.name for one in superiors)[:500]
        question.save(update_fields=["state", "escalated_at", "escalated_to"])
        desk.remark(ticket.id, remark_of_escalation(question), SYSTEM)
    Reader.objects.bulk_create(
        [Reader(question=question, person_id=one.person_id) for one in superiors], ignore_conflicts=True
    )
    tell(question, "escalated", SYSTEM, to=question.escalated_to)
    ring(question, [one.person_id for one in superiors], "question_escalated")
    for one in superiors:
        write_of_question(question, one.person_id, "escalated")
    return True
