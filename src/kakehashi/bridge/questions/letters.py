"""Mails about questions to people of the CRM, in the transaction of their cause."""

from typing import Literal

from django.conf import settings

from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.people.models import Person

from .models import Question
from .words import question_url

_HERE = "bridge/questions/templates"


def write_of_question(question: Question, person_id: int, about: Literal["asked", "escalated"]) -> None:
    """Of a question to oneself, or that a colleague has not answered. Nobody without an address is written to."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or not person.email:
        return
    link = settings.PUBLIC_URL.rstrip("/") + question_url(question.connection.org_id, question.pk)
    queue_mail(f"{_HERE}/{about}", person.email, {"question": question, "link": link}, person=person)
