"""Settings > Tickets > fields and layouts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.models import Department
from kakehashi.desk.tickets.fields import LABELS
from kakehashi.ui.htmx import with_toast
from kakehashi.ui.toasts import add_toast

from .actions import add_field, arrange, change_field, forget_layout, order_fields, put_back_field, remove_field
from .forms import FieldForm
from .models import TicketField, TicketLayout
from .queries import LaidOut, label_of, layout_of
from .types import TYPES

_HERE = "desk/ticket_fields/templates"


@require_GET
@desk_page
def fields(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The portal's own fields, those removed, and the departments that arrange them."""
    access.require("may_administer")
    known = list(TicketField.objects.filter(portal=access.portal))
    arranged = set(TicketLayout.objects.filter(portal=access.portal).values_list("department_id", flat=True))
    context = {
        "fields": [one for one in known if one.removed_at is None],
        "removed": [one for one in known if one.removed_at],
        "departments": [(one, one.pk in arranged) for one in access.portal.departments.all()],
    }
    return settings_page(request, access, "ticket_fields", f"{_HERE}/fields.html", context)


@require_GET
@desk_page
def types(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """What a new field is to hold."""
    access.require("may_administer")
    rows = [
        (kind.label, hint, reverse("desk_ticket_field_new", args=[access.portal.pk, kind.value]))
        for kind, hint in TYPES.items()
    ]
    return settings_page(request, access, "ticket_fields", f"{_HERE}/types.html", {"types": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def new_field(request: HttpRequest, access: DeskAccess, kind: str) -> HttpResponse:
    access.require("may_administer")
    if kind not in TYPES:
        raise NotFound
    return _form(request, access, FieldType(kind), None)


@require_http_methods(["GET", "POST"])
@desk_page
def field(request: HttpRequest, access: DeskAccess, ticket_field_id: int) -> HttpResponse:
    access.require("may_administer")
    found = _find(access, ticket_field_id)
    return _form(request, access, FieldType(found.type), found)


@require_POST
@desk_page
def removal(request: HttpRequest, access: DeskAccess, ticket_field_id: int) -> HttpResponse:
    found = _find(access, ticket_field_id)
    remove_field(found, actor=access.actor)
    back = reverse("desk_ticket_field_return", args=[access.portal.pk, found.pk])
    add_toast(request, _("“%(name)s” was removed. Its values are kept.") % {"name": found.label}, undo=back)
    return redirect("desk_ticket_fields", access.portal.pk)


@require_POST
@desk_page
def return_field(request: HttpRequest, access: DeskAccess, ticket_field_id: int) -> HttpResponse:
    found = _find(access, ticket_field_id)
    put_back_field(found, actor=access.actor)
    add_toast(request, _("“%(name)s” is back with its values.") % {"name": found.label})
    return redirect("desk_ticket_fields", access.portal.pk)


@require_POST
@desk_page
def order(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    ids = ids_in(request.POST.getlist("order"))
    order_fields(access.portal, ids=ids, actor=access.actor)
    return with_toast(HttpResponse(status=204), _("The order was saved."))


@require_http_methods(["GET", "POST"])
@desk_page
def layout(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    """Which fields tickets of one department show, in which order."""
    access.require("may_administer")
    department = _department(access, department_id)
    if request.method == "POST":
        arrange(department, layout=_sent_layout(request, access, department), actor=access.actor)
        add_toast(request, _("Saved"))
        return redirect("desk_ticket_fields", access.portal.pk)
    rows = [(one, label_of(one, LABELS)) for one in layout_of(access.portal, department)]
    context = {
        "department": department,
        "rows": rows,
        "has_own": TicketLayout.objects.filter(department=department).exists(),
    }
    return settings_page(request, access, "ticket_fields", f"{_HERE}/layout.html", context)


@require_POST
@desk_page
def layout_deletion(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    forget_layout(_department(access, department_id), actor=access.actor)
    add_toast(request, _("Saved"))
    return redirect("desk_ticket_fields", access.portal.pk)


def _form(request: HttpRequest, access: DeskAccess, kind: FieldType, found: TicketField | None) -> HttpResponse:
    form = FieldForm(kind, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                add_field(access.portal, kind=kind.value, draft=form.draft(), actor=access.actor)
            else:
                change_field(found, draft=form.draft(), actor=access.actor)
        except InvalidValues as invalid:
            for name, sentence in invalid.by_field.items():
                form.add_error(name if name in form.fields else None, str(sentence))
        else:
            add_toast(request, _("Saved"))
            return redirect("desk_ticket_fields", access.portal.pk)
    context = {"form": form, "field": found, "type_label": kind.label}
    status = 422 if form.errors else 200
    return settings_page(request, access, "ticket_fields", f"{_HERE}/field.html", context, status=status)


def _sent_layout(request: HttpRequest, access: DeskAccess, department: Department) -> list[LaidOut]:
    known = {one.name: one for one in layout_of(access.portal, department)}
    shown, required = set(request.POST.getlist("shown")), set(request.POST.getlist("required"))
    order = [name for name in request.POST.getlist("order") if name in known]
    return [LaidOut(name, name in shown, name in required, known[name].schema) for name in order]


def _find(access: DeskAccess, field_id: int) -> TicketField:
    found = TicketField.objects.filter(portal=access.portal, pk=field_id).first()
    if found is None:
        raise NotFound
    found.portal = access.portal
    return found


def _department(access: DeskAccess, department_id: int) -> Department:
    found = Department.objects.filter(portal=access.portal, pk=department_id).first()
    if found is None:
        raise NotFound
    found.portal = access.portal
    return found
