from django.utils.translation import gettext_lazy as _

from kakehashi.ui.shell.workspace import NewWorkspace

NEW_ORGANISATION = NewWorkspace(_("New organisation"), "crm_new_org")
