"""Asking, answering, withdrawing. Each is an internal comment on the ticket, with the name of who did it, in one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.questions import AskedTicket
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotAllowed, ProductError, Text
from kakehashi.core.events.log import Fact, write_facts

from . import words
from .addressees import Addressee
from .letters import write_of_question
from .models import KIND, WAITING, Question, QuestionState, Reader

LONGEST = 5_000


class IsSettled(ProductError):
    code = "question_is_settled"
    status = 409
    message = _("This question has been answered or withdrawn meanwhile.")


@transaction.atomic
def ask(
    connection: Connection, ticket: AskedTicket, addressee: Addressee, *, text: str, due_at: datetime, actor: Actor
) -> Question:
    """The owner hears of it by bell and mail. Raises `InvalidValues` with text or due_at."""
    text = _checked(text)
    if due_at <= clock.now():
        raise InvalidValues({"due_at": _("Choose a moment in the future.")})
    if not desk_side(connection.portal_id).rights(actor).may_comment:
        raise NotAllowed
    question = Question.objects.create(
        connection=connection,
        ticket_id=ticket.id,
        ticket_number=ticket.number,
        ticket_subject=ticket.subject,
        module=addressee.module,
        record_id=addressee.record_id,
        record_name=addressee.record_name,
        text=text,
        asked_by_id=actor.person_id or 0,
        asked_by_name=actor.name,
        asked_id=addressee.person_id,
        asked_name=addressee.name,
        due_at=due_at,
    )
    Reader.objects.create(question=question, person_id=addressee.person_id)
    desk_side(connection.portal_id).remark(ticket.id, words.remark_of_question(question), actor)
    tell(question, "asked", actor)
    ring(question, [addressee.person_id], "question_asked")
    write_of_question(question, addressee.person_id, "asked")
    return question


@transaction.atomic
def answer(question: Question, *, text: str, actor: Actor) -> Question:
    """The asker hears of it by mail. Raises `InvalidValues` with text, `IsSettled`, `NotFound` where the ticket is gone."""
    text = _checked(text)
    question = _locked(question)
    question.answer = text
    _end(question, QuestionState.ANSWERED, actor)
    desk = desk_side(question.connection.portal_id)
    vouched = replace(actor, origin=f"connection:{question.connection_id}")
    ticket = desk.asked_ticket(question.ticket_id, vouched)
    desk.remark(ticket.id, words.remark_of_answer(question), vouched)
    if question.asked_by_id != actor.person_id:
        desk.tell_of_answer(
            ticket.id, question.asked_by_id, {"by": actor.name, "question": question.text, "text": text}
        )
    tell(question, "answered", actor)
    return question


@transaction.atomic
def withdraw(question: Question, *, actor: Actor) -> Question:
    """By who asked, or who may change the ticket. Raises `IsSettled`, `NotAllowed`, `NotFound`."""
    question = _locked(question)
    desk = desk_side(question.connection.portal_id)
    if question.asked_by_id != actor.person_id and not desk.rights(actor).may_update:
        raise NotAllowed
    _end(question, QuestionState.WITHDRAWN, actor)
    ticket = desk.asked_ticket(question.ticket_id, actor)
    desk.remark(ticket.id, words.remark_of_withdrawal(question), actor)
    tell(question, "withdrawn", actor)
    return question


def tell(question: Question, deed: str, actor: Actor, **data: Any) -> None:
    """A fact for both sides: pages that show the question hear of it."""
    connection = question.connection
    facts = [
        Fact(tenant, f"{KIND}.{deed}", KIND, question.pk, data)
        for tenant in (connection.tenant, connection.portal_tenant)
    ]
    write_facts(facts, actor)


def ring(question: Question, person_ids: list[int], kind: str) -> None:
    data = {
        "question": question.pk,
        "by": question.asked_by_name,
        "asked": question.asked_name,
        "number": question.ticket_number,
        "subject": question.ticket_subject,
        "due_at": question.due_at.isoformat(),
    }
    connection, place = question.connection, (question.module, question.record_id)
    remarked = ("desk.ticket", question.ticket_id)  # whoever is asked is not told of the comment on the ticket, too
    crm_side(connection.org_id).signal(person_ids, kind, place, data, remarked, connection.origin)


def _checked(text: str) -> str:
    tidy = text.strip()
    problem: Text = ""
    if not tidy:
        problem = _("Write something first.")
    elif len(tidy) > LONGEST:
        problem = _("At most %(limit)s characters.") % {"limit": LONGEST}
    if problem:
        raise InvalidValues({"text": problem})
    return tidy


def _locked(question: Question) -> Question:
    """As it stands now; of two who answer at once one is told. Raises `IsSettled`."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("connection")
    found = rows.get(pk=question.pk)
    if found.state not in WAITING:
        raise IsSettled
    return found


def _end(question: Question, state: QuestionState, actor: Actor) -> None:
    question.state, question.ended_at = state, clock.now()
    question.ended_by_id, question.ended_by_name = actor.person_id, actor.name
    question.save()
