"""Setting a connection up, step by step (spec S2–S4), or moving it to another portal (X5).

Nothing is made before the last step; then all of it is, or nothing. Step 2 carries step 1's answers along in the page.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.sides.directory import crm_side, desk_side, portals
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotAllowed, ProductError
from kakehashi.ui.toasts import add_toast

from .actions import connect
from .checks import checks_of_crm, test_run
from .chosen import Opened, seal, unseal
from .confirming import confirmed
from .ending import consequences_of, end, take_up_again
from .forms import KeyForm, ModulesForm, PortalForm, asked_again
from .models import Connection, Deed
from .owners import require_open
from .pages import show
from .permissions import DESK_INTEGRATION
from .portals import TakenPortal, free_portals
from .queries import living_connection, parked_connection


@dataclass
class Wizard:
    """One request of the wizard. `moving` is the connection that ends when this one is made."""

    request: HttpRequest
    visit: Visit
    moving: Connection | None
    portal: PortalForm
    taken: list[TakenPortal]
    opened: Opened | None = None

    @property
    def portal_id(self) -> int | None:
        """None for a portal that is still to be made."""
        if self.opened:
            return self.opened.portal_id
        return None if self.portal.is_new else int(self.portal.cleaned_data["portal"])

    @property
    def portal_name(self) -> str:
        if self.opened:
            return self.opened.portal_name
        if self.portal.is_new:
            return str(self.portal.cleaned_data["name"])
        return next(str(one.label) for one in self.portal.portals if int(one.value) == self.portal_id)

    @property
    def parked(self) -> Connection | None:
        return parked_connection(self.visit.org_id, self.portal_id) if self.portal_id else None


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("key")
@org_page
def setup(request: HttpRequest, visit: Visit) -> HttpResponse:
    visit.require(DESK_INTEGRATION.code)
    if living_connection(visit.org_id):
        return redirect("desk_integration", visit.org_id)
    return _walk(request, visit, None)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("key")
@org_page
def move(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same steps for a connection that is to lead to another portal."""
    visit.require(DESK_INTEGRATION.code)
    moving = living_connection(visit.org_id)
    if moving is None:
        return redirect("desk_integration_setup", visit.org_id)
    require_open(moving)
    return _walk(request, visit, moving)


def _walk(request: HttpRequest, visit: Visit, moving: Connection | None) -> HttpResponse:
    offered, sealed = free_portals(visit), request.POST.get("opened", "")
    is_by_key = bool(sealed) or "open" in request.POST  # then nothing was chosen among the portals
    form = PortalForm(
        offered.free,
        None if is_by_key else request.POST or None,
        suggestion=visit.org_name,
        chosen=request.GET.get("portal", ""),
    )
    wizard = Wizard(request, visit, moving, form, offered.taken, unseal(sealed, visit))
    if request.method == "GET" or "back" in request.POST:
        return _ask_portal(wizard)
    if "open" in request.POST:
        return _open(wizard)
    if sealed and wizard.opened is None:
        return _ask_portal(wizard, key=asked_again(), status=422)
    if wizard.opened is None and not form.is_valid():
        return _ask_portal(wizard, status=422)
    modules = ModulesForm(request.POST if "finish" in request.POST else None, was_connected=wizard.parked is not None)
    if not modules.is_valid():
        return _ask_modules(wizard, modules)
    return _finish(wizard, modules)


def _open(wizard: Wizard) -> HttpResponse:
    """Route C: try the address and the key."""
    form, visit = KeyForm(wizard.request.POST), wizard.visit
    if not form.is_valid():
        return _ask_portal(wizard, key=form, status=422)
    try:
        portal, owner_id = portals().opened_by(
            email=form.cleaned_data["email"],
            key=form.cleaned_data["key"],
            org_id=visit.org_id,
            org_name=visit.org_name,
            actor=visit.actor,
        )
    except ProductError as refused:
        form.add_error(None, str(refused))
        return _ask_portal(wizard, key=form, status=refused.status)
    owner = next(seat for seat in desk_side(int(portal.value)).seats() if seat.person_id == owner_id)
    wizard.opened = Opened(int(portal.value), str(portal.label), owner_id, owner.name)
    return _ask_modules(wizard, ModulesForm(was_connected=wizard.parked is not None))


def _ask_portal(wizard: Wizard, *, key: KeyForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "form": wizard.portal,
        "key_form": key or KeyForm(),
        "key_is_open": key is not None,
        "taken": wizard.taken,
        "moving": wizard.moving,
        "checks": [one for one in checks_of_crm(crm_side(wizard.visit.org_id), Module.values) if not one.is_fine],
    }
    return show(wizard.request, wizard.visit, "setup_portal.html", context, status=status)


def _ask_modules(wizard: Wizard, modules: ModulesForm, *, is_wrong: bool = False) -> HttpResponse:
    """Step 2, with a test run of the connection as it would be."""
    chosen = modules["modules"].value() or Module.values
    crm = crm_side(wizard.visit.org_id)
    names = [name for name in chosen if name in Module.values]
    portal_id = wizard.portal_id
    context: dict[str, Any] = {
        "portal_form": wizard.portal,
        "portal_name": wizard.portal_name,
        "opened": seal(wizard.opened, wizard.visit) if wizard.opened else "",
        "form": modules,
        "parked": wizard.parked,
        "moving": wizard.moving,
        "moving_name": desk_side(wizard.moving.portal_id).name if wizard.moving else "",
        "consequences": consequences_of(wizard.moving) if wizard.moving else None,
        "typed": wizard.request.POST.get("typed", ""),
        "is_wrong": is_wrong,
        "checks": test_run(crm, desk_side(portal_id), names) if portal_id else checks_of_crm(crm, names),
    }
    return show(wizard.request, wizard.visit, "setup_sync.html", context, status=422 if modules.is_bound else 200)


def _finish(wizard: Wizard, modules: ModulesForm) -> HttpResponse:
    visit = wizard.visit
    if wizard.moving and not confirmed(wizard.request, desk_side(wizard.moving.portal_id).name):
        return _ask_modules(wizard, modules, is_wrong=True)
    names = modules.cleaned_data["modules"]
    if not all(check.is_fine for check in checks_of_crm(crm_side(visit.org_id), names)):
        return _ask_modules(wizard, modules)
    try:
        with transaction.atomic():
            if wizard.moving:
                end(wizard.moving, deed=Deed.MOVED, actor=visit.actor)
            joined = _join(wizard, modules)
    except InvalidValues as refused:
        wizard.portal.add_error("name", str(refused.by_field.get("name", refused.message)))
        return _ask_portal(wizard, status=422)
    except ProductError as refused:
        wizard.portal.add_error(None, str(refused))
        return _ask_portal(wizard, status=refused.status)
    if joined.is_planned:
        add_toast(wizard.request, _("Connected. Nothing is written until you approve the plan."))
        return redirect("desk_integration_plan", visit.org_id)
    add_toast(wizard.request, _("Connected. The first sync is running."))
    return redirect("desk_integration", visit.org_id)


def _join(wizard: Wizard, modules: ModulesForm) -> Connection:
    visit, opened = wizard.visit, wizard.opened
    owner = (opened.owner_id, opened.owner_name) if opened else None
    names, plans_first = modules.cleaned_data["modules"], wizard.request.POST.get("finish") == "plan"
    if modules.adopts and wizard.parked:
        return take_up_again(wizard.parked, modules=names, actor=visit.actor, owner=owner, plans_first=plans_first)
    return connect(
        org_id=visit.org_id,
        portal_id=_portal_id(wizard),
        modules=names,
        actor=visit.actor,
        owner=owner,
        plans_first=plans_first,
    )


def _portal_id(wizard: Wizard) -> int:
    """The portal's id; route B makes it here, in the transaction of the connection."""
    if wizard.portal_id is None:
        return portals().create(wizard.portal.cleaned_data["name"], wizard.visit.actor)
    if not wizard.opened and wizard.portal_id not in {int(one.value) for one in wizard.portal.portals}:
        raise NotAllowed
    return wizard.portal_id
