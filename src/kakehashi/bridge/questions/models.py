"""Questions from the Desk to whoever owns the customer in the CRM (lesson E2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from kakehashi.bridge.connection.models import Connection
from kakehashi.core import clock

KIND = "bridge.question"


class QuestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("question", "Open")
    ESCALATED = "escalated", pgettext_lazy("question", "Escalated")
    ANSWERED = "answered", pgettext_lazy("question", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("question", "Withdrawn")


WAITING = (QuestionState.OPEN, QuestionState.ESCALATED)


class Question(models.Model):
    """`module` and `record_id` are the CRM record whose owner was asked; `asked_id` is that owner. An escalated one waits on, and
    `escalated_to` names whom it was carried to (`Reader` rows say who they are).
    """

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False, related_name="questions")
    ticket_id = models.BigIntegerField()
    ticket_number = models.BigIntegerField()
    ticket_subject = models.CharField(max_length=1000)
    module = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    record_name = models.CharField(max_length=300)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=QuestionState.choices, default=QuestionState.OPEN)
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=200)
    asked_id = models.BigIntegerField()
    asked_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.CharField(max_length=500, blank=True)
    answer = models.TextField(blank=True)
    ended_by_id = models.BigIntegerField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=QuestionState.values), name="question_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=WAITING, ended_at=None) | Q(~Q(state__in=WAITING), ended_at__isnull=False),
                name="question_ends_when_nobody_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "-id"], name="question_by_age"),
            models.Index(fields=["connection", "ticket_id"], name="question_of_ticket"),
            models.Index(fields=["connection", "module", "record_id"], name="question_of_record"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="question_falling_due"),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.due_at <= clock.now()


class Reader(models.Model):
    """Somebody who was told of a question because of their place: they read and answer it, whatever records they see."""

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, db_index=False, related_name="readers")
    person_id = models.BigIntegerField()
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person_id"], name="reader_once_per_question")]
        indexes = [models.Index(fields=["person_id", "question"], name="questions_read_by")]
