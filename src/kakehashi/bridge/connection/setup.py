"""Setting a connection up, step by step. Nothing is made before the last step; then all of it is, or nothing."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.sides.directory import portals
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotAllowed, ProductError
from kakehashi.ui.toasts import add_toast

from .actions import connect
from .forms import ModulesForm, PortalForm
from .models import Connection, State
from .pages import show
from .permissions import DESK_INTEGRATION
from .queries import living_connection


@require_http_methods(["GET", "POST"])
@org_page
def setup(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step 1 chooses or names the portal, step 2 what is kept in step. Step 2 carries step 1's answers along."""
    visit.require(DESK_INTEGRATION.code)
    if living_connection(visit.org_id):
        return redirect("desk_integration", visit.org_id)
    portal = _portal_form(request, visit)
    if request.method == "GET":
        return show(request, visit, "setup_portal.html", {"form": portal})
    if not portal.is_valid() or "back" in request.POST:
        status = 200 if "back" in request.POST else 422
        return show(request, visit, "setup_portal.html", {"form": portal}, status=status)
    modules = ModulesForm(request.POST if "finish" in request.POST else None)
    if not modules.is_valid():
        return _show_modules(request, visit, portal, modules)
    return _finish(request, visit, portal, modules)


def _portal_form(request: HttpRequest, visit: Visit) -> PortalForm:
    """Route A offers the portals where this person is an administrator and that nobody has connected yet."""
    taken = set(Connection.objects.exclude(state=State.DISABLED).values_list("portal_id", flat=True))
    free = [one for one in portals().administered_by(visit.person_id) if int(one.value) not in taken]
    return PortalForm(free, request.POST or None, suggestion=visit.org_name)


def _show_modules(request: HttpRequest, visit: Visit, portal: PortalForm, modules: ModulesForm) -> HttpResponse:
    chosen = dict(portal.fields["portal"].choices).get(portal.cleaned_data.get("portal"))  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "portal_form": portal,
        "portal_name": portal.cleaned_data["name"] if portal.is_new else chosen,
        "form": modules,
    }
    return show(request, visit, "setup_sync.html", context, status=422 if modules.is_bound else 200)


def _finish(request: HttpRequest, visit: Visit, portal: PortalForm, modules: ModulesForm) -> HttpResponse:
    try:
        with transaction.atomic():
            connect(
                org_id=visit.org_id,
                portal_id=_portal_id(visit, portal),
                modules=modules.cleaned_data["modules"],
                actor=visit.actor,
            )
    except InvalidValues as refused:
        portal.add_error("name", str(refused.by_field.get("name", refused.message)))
        return show(request, visit, "setup_portal.html", {"form": portal}, status=422)
    except ProductError as refused:
        portal.add_error(None, str(refused))
        return show(request, visit, "setup_portal.html", {"form": portal}, status=refused.status)
    add_toast(request, _("Connected. The first sync is running."))
    return redirect("desk_integration", visit.org_id)


def _portal_id(visit: Visit, form: PortalForm) -> int:
    if form.is_new:
        return portals().create(form.cleaned_data["name"], visit.actor)
    chosen = int(form.cleaned_data["portal"])
    if chosen not in {int(one.value) for one in form.portals}:
        raise NotAllowed
    return chosen
