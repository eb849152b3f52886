"""The frame of a portal's settings: its rail, whichever feature the page belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.desk.mailbox.outbox import OUTBOX
from kakehashi.ui.shell.workspace import Tab, render_page

from .access import DeskAccess
from .slots import SETTINGS_PAGES
from .workspace import workspace_of


def settings_page(
    request: HttpRequest, access: DeskAccess, key: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """`key` is the entry of the rail that is lit."""
    frame = {"access": access, "settings_groups": _groups(access), "settings_key": key}
    return render_page(
        request, template, frame | context, workspace=workspace_of(access), active="settings", status=status
    )


def _groups(access: DeskAccess) -> list[tuple[str, list[Tab]]]:
    own = _own_groups(access) if access.rights.may_administer else {}
    groups = {_("Portal"): own.pop(_("Portal"))} if own else {}
    if access.rights.may_manage_agents:
        groups[_("People")] = _of_people(access)
    groups |= own
    mine = Tab("notices", _("My mails"), reverse("desk_notices", args=[access.portal.pk]), "bell")
    groups[_("For me")] = [mine]
    if access.rights.may_erase_customers:
        erasures = reverse("desk_erasures", args=[access.portal.pk])
        groups.setdefault(_("Customers"), []).append(Tab("erasures", _("Erased data"), erasures, "user-off"))
    for page in SETTINGS_PAGES:
        if url := page.url(access):
            groups.setdefault(str(page.group), []).append(Tab(page.key, page.label, url, page.icon))
    return list(groups.items())


def _of_people(access: DeskAccess) -> list[Tab]:
    here = [access.portal.pk]
    return [
        Tab("agents", _("Agents"), reverse("desk_agents", args=here), "users"),
        Tab("teams", _("Teams"), reverse("desk_teams", args=here), "users-group"),
        Tab("profiles", pgettext("of permissions", "Profiles"), reverse("desk_profiles", args=here), "shield-lock"),
    ]


def _own_groups(access: DeskAccess) -> dict[str, list[Tab]]:
    here = [access.portal.pk]
    groups: dict[str, list[Tab]] = {
        _("Portal"): [
            Tab("portal", _("General"), reverse("desk_settings", args=here), "settings"),
            Tab("departments", _("Departments"), reverse("desk_departments", args=here), "sitemap"),
            Tab("templates", _("Templates"), reverse("desk_reply_templates", args=here), "template"),
        ],
        _("Tickets"): [
            Tab("statuses", _("Statuses"), reverse("desk_statuses", args=here), "circle-dashed"),
            Tab("ticket_fields", _("Fields and layouts"), reverse("desk_ticket_fields", args=here), "list-details"),
        ],
        _("Deadlines"): [
            Tab("targets", _("Targets"), reverse("desk_targets", args=here), "target"),
            Tab("escalations", _("Escalations"), reverse("desk_escalations", args=here), "bell-ringing"),
            Tab("calendars", _("Business hours"), reverse("desk_calendars", args=here), "calendar"),
        ],
        _("Customers"): [
            Tab("customer_pages", _("Pages and ratings"), reverse("desk_customer_settings", args=here), "mood-smile"),
            Tab("web_forms", _("Web forms"), reverse("desk_web_forms", args=here), "world"),
        ],
        _("E-mail"): [
            Tab("addresses", _("Addresses"), reverse("desk_mail_addresses", args=here), "at"),
            Tab("mailboxes", _("Mailboxes"), reverse("desk_mailboxes", args=here), "inbox"),
            Tab("incoming", _("Incoming mail"), reverse("desk_incoming_mails", args=here), "mail"),
        ],
    }
    groups[_("Developer")] = [Tab("developer", _("Keys for a CRM"), reverse("desk_keys", args=here), "key")]
    if settings.EMAIL_BACKEND == OUTBOX:
        groups[_("E-mail")].append(Tab("outbox", _("Outbox"), reverse("dev_outbox"), "mail-opened"))
    return groups
