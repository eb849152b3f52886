"""What a portal does before and after a deadline breaks: rules with levels, and which of them have fired."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.overdue.models import Deadline
from kakehashi.desk.portals.models import Agent, Department, Portal
from kakehashi.desk.teams.models import Team
from kakehashi.desk.tickets.models import Ticket


class Side(models.TextChoices):
    BEFORE = "before", _("before the deadline")
    AFTER = "after", _("after the deadline")


class EscalationRule(models.Model):
    """For one deadline, of the tickets of one department or of all."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="escalation_rules")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="+")
    deadline = models.CharField(max_length=10, choices=Deadline.choices)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(deadline__in=Deadline.values), name="escalation_deadline_is_known"),
        ]


class EscalationLevel(models.Model):
    """A moment beside the deadline, and what happens then. Moments up to `counts_from` are passed over: a new rule does not fall
    upon all that lies about. `minutes` 0 is the deadline itself.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(EscalationRule, on_delete=models.CASCADE, related_name="levels")
    minutes = models.PositiveIntegerField()
    side = models.CharField(max_length=6, choices=Side.choices)
    is_working_time = models.BooleanField(default=True)
    tells_assignee = models.BooleanField(default=False)
    tells_team = models.BooleanField(default=False, db_default=False)
    tells_department = models.BooleanField(default=False)
    tells_administrators = models.BooleanField(default=False)
    told_agents = models.ManyToManyField(Agent, related_name="+")
    new_assignee = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    new_team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    raises_priority = models.BooleanField(default=False)
    marks_escalated = models.BooleanField(default=False)
    counts_from = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="escalation_side_is_known"),
        ]


class EscalationFiring(models.Model):
    """A level has fired for a ticket and one due moment; it will not again."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalation_firings", db_index=False)
    level = models.ForeignKey(EscalationLevel, on_delete=models.CASCADE, related_name="firings")
    due_at = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "level", "due_at"], name="escalation_level_fires_once"),
        ]
