"""The addresses of all departments, which of them answers, and through which server a department sends."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.ids import is_id
from kakehashi.desk.mailbox.sending import problem_of_connection
from kakehashi.desk.mailboxes.actions import remove_outgoing_server, set_outgoing_server
from kakehashi.desk.mailboxes.forms import ServerForm
from kakehashi.desk.mailboxes.models import OutgoingServer
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.models import Department

from .actions import add_address, answer_from, change_address, remove_address
from .forms import AddressForm
from .models import MailAddress

_HERE = "desk/addresses/templates"
_SERVER = ("host", "port", "security", "username")


@require_GET
@desk_page
def addresses(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    departments = access.portal.departments.select_related("answers_from", "outgoing_server")
    context = {"departments": departments.prefetch_related("mail_addresses")}
    return settings_page(request, access, "addresses", f"{_HERE}/addresses.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def address(request: HttpRequest, access: DeskAccess, address_id: int | None = None) -> HttpResponse:
    """The form of an address, a new one without an id; `?department=` chooses for whom."""
    access.require("may_administer")
    found = _find(access, address_id) if address_id else None
    form = AddressForm(access.portal, request.POST or None, initial=_values(found, request))
    if request.method == "POST" and form.is_valid() and _save(access, found, form):
        messages.success(request, _("Saved"))
        return redirect("desk_mail_addresses", access.portal.pk)
    context = {"form": form, "address": found}
    return settings_page(
        request, access, "addresses", f"{_HERE}/address.html", context, status=422 if form.errors else 200
    )


@require_POST
@desk_page
def address_answering(request: HttpRequest, access: DeskAccess, address_id: int) -> HttpResponse:
    answer_from(_find(access, address_id), actor=access.actor)
    return redirect("desk_mail_addresses", access.portal.pk)


@require_POST
@desk_page
def address_deletion(request: HttpRequest, access: DeskAccess, address_id: int) -> HttpResponse:
    remove_address(_find(access, address_id), actor=access.actor)
    messages.success(request, _("The address was removed."))
    return redirect("desk_mail_addresses", access.portal.pk)


@require_http_methods(["GET", "POST"])
@desk_page
def server(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    """The SMTP server of one department."""
    access.require("may_administer")
    department = _find_department(access, department_id)
    found = OutgoingServer.objects.filter(department=department).first()
    initial = {name: getattr(found, name) for name in _SERVER} if found else {"port": 465}
    form = ServerForm(request.POST or None, initial=initial)
    form.fields["username"].required = False
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        set_outgoing_server(department, values=form.values(), password=password, actor=access.actor)
        messages.success(request, _("Saved"))
        return redirect("desk_mail_server", access.portal.pk, department.pk)
    context = {"form": form, "department": department, "server": found}
    return settings_page(
        request, access, "addresses", f"{_HERE}/server.html", context, status=422 if form.errors else 200
    )


@require_POST
@desk_page
def server_test(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    """Sign in at the department's server, without sending anything."""
    access.require("may_administer")
    found = OutgoingServer.objects.filter(department=_find_department(access, department_id)).first()
    if found is None:
        raise NotFound
    if problem := problem_of_connection(found):
        messages.error(request, problem)
    else:
        messages.success(request, _("Connected: the server takes mail from us."))
    return redirect("desk_mail_server", access.portal.pk, department_id)


@require_POST
@desk_page
def server_deletion(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    remove_outgoing_server(_find_department(access, department_id), actor=access.actor)
    return redirect("desk_mail_addresses", access.portal.pk)


def _save(access: DeskAccess, found: MailAddress | None, form: AddressForm) -> bool:
    given = form.cleaned_data
    try:
        if found is None:
            department = given.pop("department")
            add_address(department, **given, actor=access.actor)
        else:
            change_address(found, **given, actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True


def _values(found: MailAddress | None, request: HttpRequest) -> dict[str, Any]:
    if found is None:
        wanted = request.GET.get("department", "")
        return {"department": int(wanted)} if is_id(wanted) else {}
    return {
        "address": found.address,
        "name": found.name,
        "department": found.department_id,
        "takes_tags": found.takes_tags,
    }


def _find(access: DeskAccess, address_id: int) -> MailAddress:
    found = MailAddress.objects.select_related("portal").filter(portal=access.portal, pk=address_id).first()
    if found is None:
        raise NotFound
    return found


def _find_department(access: DeskAccess, department_id: int) -> Department:
    found = access.portal.departments.select_related("portal").filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found
