from django.db import models

from kakehashi.core.keeping import KeepingSetting
from kakehashi.crm.orgs.models import Org


class BinSetting(KeepingSetting):
    """How long an org keeps deleted records."""

    org = models.OneToOneField(Org, on_delete=models.CASCADE, related_name="bin_setting")
