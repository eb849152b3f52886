"""What the top bar shows inside an org."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.settings.menu import settings_groups
from kakehashi.crm.tabs.queries import tabs_beside_modules
from kakehashi.ui.shell.workspace import Bell, Tab, Workspace, WorkspaceLink, render_page, workspace_at
from kakehashi.ui.slots import Slot

from .access import CrmAccess, find_access
from .models import Org

# An org's id -> tenants outside it whose changes its pages may hear of, since they show something of theirs.
HEARD_TENANTS: Slot[Callable[[int], Iterable[str]]] = Slot("heard tenants")


def workspace_of(access: CrmAccess) -> Workspace:
    org_id = access.org.pk
    visible = [module for module in access.schema if module.is_visible]
    return Workspace(
        kind="crm",
        id=org_id,
        name=access.org.name,
        home_url=reverse("crm_home", args=[org_id]),
        tabs=(
            *(
                Tab(module.api_name, module.plural, reverse("crm_list", args=[org_id, module.api_name]), module.icon)
                for module in visible
            ),
            *tabs_beside_modules(access),
        ),
        create=tuple(
            Tab(
                module.api_name,
                module.singular,
                reverse("crm_record_new", args=[org_id, module.api_name]),
                module.icon,
                quick_url=reverse("crm_quick", args=[org_id, module.api_name]),
            )
            for module in visible
            if access.may("create_records", module)
        ),
        search_url=reverse("crm_search", args=[org_id]),
        settings_url=reverse("crm_settings", args=[org_id]) if settings_groups(access) else "",
        bell=bell_of(access),
        live_tenants=(access.org.tenant, *(tenant for source in HEARD_TENANTS for tenant in source(org_id))),
    )


def workspace_by_address(request: HttpRequest) -> Workspace | None:
    return workspace_at(request, "org_id", lambda person, org_id: workspace_of(find_access(person, org_id)))


def render_module_page(
    request: HttpRequest,
    access: CrmAccess,
    module: ModuleSchema,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of one module: inside the org's frame, with the module's tab marked as the present one."""
    return render_page(
        request, template, context, workspace=workspace_of(access), active=module.api_name, status=status
    )


def bell_of(access: CrmAccess) -> Bell:
    """The number is kept with the membership, which is read anyway."""
    org_id = access.org.pk
    return Bell(
        label=_("Signals"),
        url=reverse("crm_bell", args=[org_id]),
        count=access.membership.unseen_signals,
        badge_url=reverse("crm_bell_badge", args=[org_id]),
        live=f"crm.signals:{access.person.pk}",
    )


def workspace_links(person_id: int) -> Iterable[WorkspaceLink]:
    """The orgs a person may switch to."""
    return [WorkspaceLink("crm", org.name, reverse("crm_home", args=[org.pk])) for org in _orgs_of(person_id)]


@fixed_read
def _orgs_of(person_id: int) -> QuerySet[Org]:
    orgs = Org.objects.filter(
        memberships__person_id=person_id, memberships__is_active=True, memberships__person__is_active=True
    )
    return orgs.only("name").order_by("name", "pk")
