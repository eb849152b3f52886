"""Settings of a portal, for its administrators: name, and departments with their mail addresses."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.desk.reply_templates.placeholders import IN_SIGNATURES, PLACEHOLDERS

from .access import DeskAccess, desk_page
from .actions import create_department, update_department, update_portal
from .forms import DepartmentForm, PortalForm
from .frame import settings_page
from .models import Department

_HERE = "desk/portals/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def portal_settings(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    portal = access.portal
    form = PortalForm(request.POST or None, initial={"name": portal.name, "language": portal.language})
    if request.method == "POST" and form.is_valid():
        update_portal(portal, **form.cleaned_data, actor=access.actor)
        messages.success(request, _("Saved"))
        return redirect("desk_settings", portal.pk)
    return settings_page(
        request, access, "portal", f"{_HERE}/portal.html", {"form": form}, status=422 if form.errors else 200
    )


@require_GET
@desk_page
def departments(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rows = access.portal.departments.select_related("answers_from")
    return settings_page(request, access, "departments", f"{_HERE}/departments.html", {"departments": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def department(request: HttpRequest, access: DeskAccess, department_id: int | None = None) -> HttpResponse:
    """The form of a department, a new one without an id."""
    access.require("may_administer")
    found = access.portal.departments.filter(pk=department_id).first() if department_id else None
    if department_id and found is None:
        raise NotFound
    form = DepartmentForm(request.POST or None, initial=_department_values(found))
    if request.method == "POST" and form.is_valid() and _save_department(access, found, form):
        messages.success(request, _("Saved"))
        return redirect("desk_departments", access.portal.pk)
    context = {"form": form, "department": found, "placeholders": _placeholders()}
    return settings_page(
        request, access, "departments", f"{_HERE}/department.html", context, status=422 if form.errors else 200
    )


def _department_values(found: Department | None) -> dict[str, str]:
    if found is None:
        return {}
    own = found.answers_from
    return {
        "name": found.name,
        "mail_address": own.address if own else "",
        "mail_name": own.name if own else "",
        "signature_html": found.signature_html,
    }


def _placeholders() -> list[tuple[str, Text]]:
    return [(name, PLACEHOLDERS[name]) for name in IN_SIGNATURES]


def _save_department(access: DeskAccess, found: Department | None, form: Form) -> bool:
    try:
        if found is None:
            create_department(access.portal, **form.cleaned_data, actor=access.actor)
        else:
            update_department(found, **form.cleaned_data, actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True
