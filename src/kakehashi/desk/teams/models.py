from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Agent, Department, Portal


class Team(models.Model):
    """Agents of a department who share tickets. A retired one is not offered any more; the past still names it."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="teams")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    members = models.ManyToManyField(Agent, related_name="teams")
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["department__position", "department_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"], condition=models.Q(retired_at=None), name="team_name_once_per_department"
            )
        ]

    def __str__(self) -> str:
        return self.name
