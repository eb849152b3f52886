from django.utils.translation import gettext_lazy as _

from kakehashi.identity.permissions import SETTINGS, Permission, declare

# Spec S1. Stored in profiles: never rename.
DESK_INTEGRATION = declare(Permission("desk_integration", _("Desk integration"), SETTINGS))
