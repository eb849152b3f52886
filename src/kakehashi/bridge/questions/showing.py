"""Questions as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from kakehashi.bridge.sides.protocols import CrmSide
from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import duration

from .models import Question, QuestionState

TEMPLATES = "bridge/questions/templates"
_TONES = {
    QuestionState.OPEN: "blue",
    QuestionState.ESCALATED: "plum",
    QuestionState.ANSWERED: "green",
    QuestionState.WITHDRAWN: "grey",
}


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """`error` and `typed` come back with an answer that was refused. `ticket_url` is the ticket over the record that was asked about.
    Addresses are "" where this person has no business.
    """

    question: Question
    tone: str
    left: str
    url: str
    answer_url: str
    record_url: str
    ticket_url: str
    may_answer: bool = True
    withdrawal_url: str = ""
    error: Text = ""
    typed: str = ""

    @property
    def state(self) -> Text:
        return QuestionState(self.question.state).label


def shown(
    question: Question, crm: CrmSide, *, may_answer: bool = True, error: Text = "", typed: str = ""
) -> ShownQuestion:
    org_id = question.connection.org_id
    place = (question.module, question.record_id)
    return ShownQuestion(
        question=question,
        tone=_TONES[QuestionState(question.state)],
        left=duration(question.due_at - clock.now()),
        url=reverse("crm_question", args=[org_id, question.pk]),
        answer_url=reverse("crm_question_answer", args=[org_id, question.pk]),
        record_url=crm.record_url(*place),
        ticket_url=reverse("record_ticket", args=[org_id, *place, question.ticket_id]),
        may_answer=may_answer,
        error=error,
        typed=typed,
    )


def shown_in_desk(question: Question, place: tuple[int, int], *, may_withdraw: bool) -> ShownQuestion:
    """For support: `place` is (portal, the ticket as it lives today). Nobody answers there."""
    withdrawal = reverse("desk_question_withdrawal", args=[*place, question.pk]) if may_withdraw else ""
    return ShownQuestion(
        question=question,
        tone=_TONES[QuestionState(question.state)],
        left=duration(question.due_at - clock.now()),
        url="",
        answer_url="",
        record_url="",
        ticket_url=reverse("desk_ticket", args=place),
        may_answer=False,
        withdrawal_url=withdrawal,
    )


def shown_all(questions: Sequence[Question], crm: CrmSide) -> list[ShownQuestion]:
    return [shown(one, crm) for one in questions]
