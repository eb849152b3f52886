"""Targets in a portal's settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.deadlines.queries import count_followed, last_following
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.ui.templatetags.ui_words import hours_and_minutes
from kakehashi.ui.toasts import add_toast

from .actions import change_targets, choose_figures, create_targets, remove_targets
from .forms import FiguresForm, TargetsForm, values_of
from .models import TargetSet
from .queries import target_sets
from .words import priority_name, scope_of

_HERE = "desk/targets/templates"


@require_GET
@desk_page
def targets(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rows = [(one, scope_of(one), _lines(one)) for one in target_sets(access.portal)]
    context = {
        "sets": rows,
        "figures_form": FiguresForm(initial={"basis": access.portal.figures_basis}),
        "following": last_following(access.portal),
    }
    return settings_page(request, access, "targets", f"{_HERE}/targets.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def target_set(request: HttpRequest, access: DeskAccess, set_id: int | None = None) -> HttpResponse:
    """The form of one set, a new one without an id."""
    access.require("may_administer")
    found = _find(access, set_id) if set_id else None
    form = TargetsForm(access.portal, request.POST or None, initial=values_of(found) if found else {})
    if request.method == "POST" and form.is_valid() and _save(access, found, form):
        add_toast(request, _("Saved. The deadlines of open tickets follow."))
        return redirect("desk_targets", access.portal.pk)
    scope = scope_of(found) if found else ""
    context = {"form": form, "target_set": found, "open_count": count_followed(access.portal), "scope": scope}
    return settings_page(
        request, access, "targets", f"{_HERE}/target_set.html", context, status=422 if form.errors else 200
    )


@require_POST
@desk_page
def target_set_deletion(request: HttpRequest, access: DeskAccess, set_id: int) -> HttpResponse:
    access.require("may_administer")
    remove_targets(_find(access, set_id), actor=access.actor)
    return redirect("desk_targets", access.portal.pk)


@require_POST
@desk_page
def figures(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """In which time averages are shown."""
    choose_figures(access.portal, basis=request.POST.get("basis", ""), actor=access.actor)
    add_toast(request, _("Saved"))
    return redirect("desk_targets", access.portal.pk)


def _lines(found: TargetSet) -> list[tuple[object, str, str]]:
    return [
        (
            priority_name(row.priority),
            hours_and_minutes(row.response_minutes),
            hours_and_minutes(row.resolution_minutes),
        )
        for row in sorted(found.targets.all(), key=lambda row: row.pk)
    ]


def _save(access: DeskAccess, found: TargetSet | None, form: TargetsForm) -> bool:
    try:
        if found is None:
            create_targets(access.portal, form.draft(), actor=access.actor)
        else:
            change_targets(found, form.draft(), actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True


def _find(access: DeskAccess, set_id: int) -> TargetSet:
    rows = TargetSet.objects.select_related("portal", "department", "account").prefetch_related("targets")
    found = rows.filter(portal=access.portal, pk=set_id).first()
    if found is None:
        raise NotFound
    return found
