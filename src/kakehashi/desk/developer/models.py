"""Keys with which a CRM elsewhere may be connected to this portal (spec S4), and every attempt to use one."""

from django.db import models

from kakehashi.core import clock
from kakehashi.desk.portals.models import Portal


class ConnectionKey(models.Model):
    """A ZSC key. Only its digest is kept: whoever lost the key makes another."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="connection_keys")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=5)  # its last letters, to tell keys apart
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_by = models.CharField(max_length=300, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["portal", "-id"], name="connection_key_of_portal")]

    @property
    def shown(self) -> str:
        """As far as it can be told from others."""
        return f"ZSC-…-{self.hint}"

    @property
    def state(self) -> str:
        """ "valid", "expired" or "revoked"."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= clock.now() else "valid"


class KeyAttempt(models.Model):
    """Somebody tried a key. `who` and `place` are the words of the other side: a person and their organisation."""

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(ConnectionKey, on_delete=models.SET_NULL, null=True, related_name="attempts")
    email = models.CharField(max_length=254)
    source = models.CharField(max_length=60)  # which organisation: what is counted
    who = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    is_right = models.BooleanField()
    was_stopped = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["email", "-at"], name="key_attempt_by_email"),
            models.Index(fields=["source", "-at"], name="key_attempt_by_source"),
            models.Index(fields=["at"], name="key_attempt_by_age"),
        ]
