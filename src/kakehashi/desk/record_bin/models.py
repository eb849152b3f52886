from django.db import models

from kakehashi.core.keeping import KeepingSetting
from kakehashi.desk.portals.models import Portal


class BinSetting(KeepingSetting):
    """How long a portal keeps deleted tickets, contacts, accounts and products."""

    portal = models.OneToOneField(Portal, on_delete=models.CASCADE, related_name="bin_setting")
