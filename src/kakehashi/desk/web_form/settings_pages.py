"""Web forms in a portal's settings, one per department."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.ui.toasts import add_toast

from .actions import set_web_form
from .forms import RequestForm, WebFormForm
from .models import WebForm

_HERE = "desk/web_form/templates"


@require_GET
@desk_page
def web_forms(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    stored = {form.department_id: form for form in WebForm.objects.filter(portal=access.portal)}
    rows = [(department, stored.get(department.pk)) for department in access.portal.departments.all()]
    return settings_page(request, access, "web_forms", f"{_HERE}/forms.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def web_form(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    access.require("may_administer")
    department = access.portal.departments.filter(pk=department_id).first()
    if department is None:
        raise NotFound
    department.portal = access.portal
    found = WebForm.objects.filter(department=department).first()
    if found:
        found.department = department
    form = WebFormForm(found or WebForm(department=department), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_web_form(department, form.draft(), actor=access.actor)
        except InvalidValues as invalid:
            for name, sentence in invalid.by_field.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        else:
            add_toast(request, _("Saved"))
            return redirect("desk_web_form", access.portal.pk, department.pk)
    context = {
        "form": form,
        "department": department,
        "web_form": found,
        "page_url": _public("web_form", found),
        "snippet": _snippet(found, department.name) if found else "",
        "preview": RequestForm(found) if found else None,
    }
    status = 422 if form.errors else 200
    return settings_page(request, access, "web_forms", f"{_HERE}/settings.html", context, status=status)


def _public(name: str, form: WebForm | None) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=[form.key]) if form else ""


def _snippet(form: WebForm, title: str) -> str:
    """What an administrator pastes into the page of another site."""
    address = _public("web_form_embedded", form)
    return format_html('<iframe src="{}" title="{}" width="100%" height="760"></iframe>', address, title)
