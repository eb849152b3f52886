from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor

KIND = "bridge.connection"


class State(models.TextChoices):
    PLANNED = "planned", _("Waiting for approval")
    CONNECTED = "connected", _("Connected")
    PAUSED = "paused", _("Paused")
    DISABLED = "disabled", _("Disabled")


class SeatlessSight(models.TextChoices):
    """Which tickets people of the CRM see who have no Desk account (spec P4). It is the CRM's rights that say which records they see."""

    ALL = "all", _("The tickets of all records that they see")
    OWN = "own", _("The tickets of records that they own")
    NONE = "none", _("No tickets")


class Connection(models.Model):
    """One CRM org joined to one Desk portal. It names both by plain ids: either may be a product that is not ours."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.BigIntegerField()
    portal_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    set_up_by_id = models.BigIntegerField()
    set_up_by_name = models.CharField(max_length=200)
    set_up_at = models.DateTimeField()
    seatless_sight = models.CharField(
        max_length=4, choices=SeatlessSight.choices, default=SeatlessSight.ALL, db_default=SeatlessSight.ALL
    )

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
    def is_planned(self) -> bool:
        """Set up, and nothing is written before somebody approves the plan."""
        return self.state == State.PLANNED

    @property
    def is_alive(self) -> bool:
        return self.state != State.DISABLED

    @property
    def tenant(self) -> str:
        """The tenant whose people hear of it."""
        return f"org:{self.org_id}"

    @property
    def portal_tenant(self) -> str:
        return f"portal:{self.portal_id}"

    @property
    def claim(self) -> str:
        """What a worker holds while it carries changes across (`core.events.subscribers.claim`)."""
        return f"bridge:connection:{self.pk}"

    @property
    def origin(self) -> str:
        """What stands beside whatever comes through it."""
        return f"connection:{self.pk}"

    def integration(self, name: str) -> Actor:
        """The identity that keeps the two in step: it belongs to the organisation, never to a person (lesson B9)."""
        return Actor(person_id=None, name=name, origin=self.origin)


class Owner(models.Model):
    """Somebody on the Desk's side who answers for the connection (spec X2). It needs one who is active there; it runs without."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="owners")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["connection", "person_id"], name="owner_once_per_connection")]


class Deed(models.TextChoices):
    """What somebody did to a connection."""

    SET_UP = "set_up", _("Connection set up")
    APPROVED = "approved", _("Plan approved")
    BRAKED = "braked", _("Paused by itself: many records would be deleted")
    RECONNECTED = "reconnected", _("Connected again, with the former links")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    OWNER_ADDED = "owner_added", _("Owner added")
    OWNER_REMOVED = "owner_removed", _("Owner removed")
    TAKEN_OVER = "taken_over", _("Taken over")
    DISABLED = "disabled", _("Disabled in CRM")
    DELETED = "deleted", _("Deleted in Desk")
    MOVED = "moved", _("Disabled for another portal")
    MODULE_ADDED = "module_added", _("Module added to the sync")
    MODULE_STARTED = "module_started", _("Sync of the module started")
    MODULE_REMOVED = "module_removed", _("Module taken back before it was started")
    SYNC_CHANGED = "sync_changed", _("Sync settings changed")
    FIELDS_MAPPED = "fields_mapped", _("Field mapping changed")


class Transition(models.Model):
    """A step in a connection's life: what was done, into which state, by whom, when. `about` is whom it was done to."""

    id = models.BigAutoField(primary_key=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="transitions")
    state = models.CharField(max_length=12, choices=State.choices)
    deed = models.CharField(max_length=14, choices=Deed.choices, default=Deed.SET_UP)
    about = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
