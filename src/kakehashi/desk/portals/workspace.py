from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.ui.shell.workspace import Tab, Workspace, workspace_at

from .access import DeskAccess, find_access
from .slots import MORE_TABS


def workspace_of(access: DeskAccess) -> Workspace:
    """What the top bar shows inside a portal."""
    here = [access.portal.pk]
    rights = access.rights
    tickets = Tab("new_ticket", _("New ticket"), reverse("desk_ticket_new", args=here), "ticket")
    customers = (
        Tab("new_contact", _("New contact"), reverse("desk_contact_new", args=here), "user-plus"),
        Tab("new_account", _("New account"), reverse("desk_account_new", args=here), "building"),
        Tab("new_product", _("New product"), reverse("desk_product_new", args=here), "package"),
    )
    return Workspace(
        kind="desk",
        id=access.portal.pk,
        name=access.portal.name,
        home_url=reverse("desk_home", args=here),
        tabs=(
            Tab("tickets", _("Tickets"), reverse("desk_tickets", args=here), "lifebuoy"),
            *(tab for find in MORE_TABS if (tab := find(access))),
            Tab("contacts", _("Contacts"), reverse("desk_contacts", args=here), "users"),
            Tab("accounts", _("Accounts"), reverse("desk_accounts", args=here), "building"),
            Tab("products", _("Products"), reverse("desk_products", args=here), "package"),
            Tab("statistics", _("Statistics"), reverse("desk_statistics", args=here), "chart-bar"),
        ),
        create=((tickets,) if rights.may_create else ()) + (customers if rights.may_edit_customers else ()),
        search_url=reverse("desk_search", args=here),
        settings_url=_settings_url(access),
        live_tenants=(access.portal.tenant,),
    )


def workspace_by_address(request: HttpRequest) -> Workspace | None:
    return workspace_at(request, "portal_id", lambda person, portal_id: workspace_of(find_access(person, portal_id)))


def _settings_url(access: DeskAccess) -> str:
    """The first page of the settings that this person may open; there is always one of their own."""
    if access.rights.may_administer:
        return reverse("desk_settings", args=[access.portal.pk])
    name = "desk_agents" if access.rights.may_manage_agents else "desk_notices"
    return reverse(name, args=[access.portal.pk])
