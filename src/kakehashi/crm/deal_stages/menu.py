from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.crm.settings.slots import SettingsPage

STAGES = SettingsPage(
    "stages",
    _("Deal stages"),
    _("Customise"),
    "layout-kanban",
    lambda access: reverse("crm_stages", args=[access.org.pk]),
    "customise_modules",
)
