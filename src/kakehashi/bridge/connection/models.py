from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor

KIND = "bridge.connection"


class State(models.TextChoices):
    CONNECTED = "connected", _("Connected")
    PAUSED = "paused", _("Paused")
    DISABLED = "disabled", _("Disabled")


class Connection(models.Model):
    """One CRM org joined to one Desk portal. It names both by plain ids: either may be a product that is not ours."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.BigIntegerField()
    portal_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    set_up_by_id = models.BigIntegerField()
    set_up_by_name = models.CharField(max_length=200)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id"], condition=~models.Q(state="disabled"), name="one_connection_per_org"
            ),
            models.UniqueConstraint(
                fields=["portal_id"], condition=~models.Q(state="disabled"), name="one_connection_per_portal"
            ),
        ]

    @property
    def is_paused(self) -> bool:
        return self.state == State.PAUSED

    @property
    def is_alive(self) -> bool:
        return self.state != State.DISABLED

    @property
    def tenant(self) -> str:
        """The tenant whose people hear of it."""
        return f"org:{self.org_id}"

    def integration(self, name: str) -> Actor:
        """The identity that keeps the two in step: it belongs to the organisation, never to a person (lesson B9)."""
        return Actor(person_id=None, name=name, origin=f"connection:{self.pk}")


class Transition(models.Model):
    """A step in a connection's life: into which state, by whom, when."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="transitions")
    state = models.CharField(max_length=12, choices=State.choices)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
