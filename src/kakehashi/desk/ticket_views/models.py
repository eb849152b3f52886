from django.conf import settings
from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Agent, Portal


class ListLayout(models.TextChoices):
    TABLE = "table"
    COMPACT = "compact"
    BOARD = "board"


class TicketView(models.Model):
    """A list of tickets that somebody saved. `filter` is read by `core.filters.definition`; a shared one is for the whole portal."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, db_index=False, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=80)
    filter = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=64)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    modified_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["portal", "name"], condition=models.Q(deleted_at=None), name="ticket_view_of_portal")
        ]

    def __str__(self) -> str:
        return self.name


class ListHabit(models.Model):
    """How an agent likes the list of tickets: the layout they chose last, and the view it begins with ("" for ours)."""

    agent = models.OneToOneField(Agent, primary_key=True, on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=10, choices=ListLayout.choices, default=ListLayout.TABLE)
    view = models.CharField(max_length=40, blank=True)
