from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.portals.models import Department, Portal


class MailAddress(models.Model):
    """An address at which a department is written to. In the whole installation it belongs to one department only.

    `takes_tags` says that the mail server delivers name+anything@… too: answers then go to an address that names the ticket.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="mail_addresses", db_index=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mail_addresses")
    address = models.CharField(_("Mail address"), max_length=254)
    address_normal = models.CharField(max_length=254)
    name = models.CharField(_("Sender name"), max_length=120, blank=True)
    takes_tags = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["address_normal"], name="mail_address_once")]
        indexes = [models.Index(fields=["portal", "id"], name="mail_address_of_portal")]

    def __str__(self) -> str:
        return self.address
