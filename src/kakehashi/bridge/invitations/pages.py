"""ユーザーの招待 and 相互ユーザー."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.directory import desk_side
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.core.ids import is_id
from kakehashi.ui.toasts import add_toast

from .actions import change_role, invite, send_again, withdraw
from .queries import is_desk_administrator, people_of, roles_of

_TEMPLATES = "bridge/invitations/templates"


@require_GET
@org_page
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Mutual users with role and state, and pending invitations."""
    connection = open_connection(visit)
    context = {**_frame(visit, connection), "people": people_of(connection)}
    return show_page(request, visit, f"{_TEMPLATES}/people.html", context)


@require_http_methods(["GET", "POST"])
@org_page
def inviting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """First the choice, then in words what each will be able to do, then the mails."""
    connection = open_connection(visit)
    if request.method == "GET" or "back" in request.POST:
        return _choose(request, visit, connection)
    roles = _sent_roles(request)
    try:
        if "send" not in request.POST:
            return _preview(request, visit, connection, roles)
        seats = invite(connection, roles, actor=visit.actor)
    except InvalidValues as refused:
        return _choose(request, visit, connection, problem=next(iter(refused.by_field.values())))
    said = ngettext("%(count)d person was invited.", "%(count)d people were invited.", len(seats))
    add_toast(request, said % {"count": len(seats)})
    return redirect("desk_integration_people", visit.org_id)


@require_POST
@org_page
def invitation(request: HttpRequest, visit: Visit, seat_id: int) -> HttpResponse:
    """The mail once more."""
    connection = open_connection(visit)
    return _answer(request, visit, lambda: send_again(connection, seat_id, actor=visit.actor), _("Sent again."))


@require_POST
@org_page
def withdrawal(request: HttpRequest, visit: Visit, seat_id: int) -> HttpResponse:
    connection = open_connection(visit)
    return _answer(request, visit, lambda: withdraw(connection, seat_id, actor=visit.actor), _("Withdrawn."))


@require_POST
@org_page
def role(request: HttpRequest, visit: Visit, seat_id: int) -> HttpResponse:
    connection, wanted = open_connection(visit), request.POST.get("role", "")
    return _answer(request, visit, lambda: change_role(connection, seat_id, wanted, actor=visit.actor), _("Saved"))


def _answer(request: HttpRequest, visit: Visit, change: Callable[[], None], said: str) -> HttpResponse:
    """A refusal that people can do something about stands on the page again."""
    try:
        change()
    except ProductError as refused:
        if refused.status != 409:
            raise
        add_toast(request, str(refused))
    else:
        add_toast(request, said)
    return redirect("desk_integration_people", visit.org_id)


def _choose(request: HttpRequest, visit: Visit, connection: Connection, *, problem: Text = "") -> HttpResponse:
    sent = _sent_roles(request)
    text = request.GET.get("q", "").strip().casefold()
    free = people_of(connection).free
    context: dict[str, Any] = {
        **_frame(visit, connection),
        "rows": [(one, sent.get(one.person_id, "")) for one in free if _fits(one.name, one.email, text)],
        "text": request.GET.get("q", ""),
        "problem": problem,
        "has_any": bool(free),
    }
    return show_page(request, visit, f"{_TEMPLATES}/choose.html", context, status=422 if problem else 200)


def _preview(request: HttpRequest, visit: Visit, connection: Connection, roles: dict[int, str]) -> HttpResponse:
    if not roles:
        raise InvalidValues({"people": _("Choose at least one person.")})
    known = {one.value: one for one in roles_of(connection)}
    names = {one.person_id: one for one in people_of(connection).free}
    rows = [(names[pk], known[chosen]) for pk, chosen in roles.items() if pk in names and chosen in known]
    context = {**_frame(visit, connection), "rows": rows}
    return show_page(request, visit, f"{_TEMPLATES}/preview.html", context)


def _frame(visit: Visit, connection: Connection) -> dict[str, Any]:
    may_make = is_desk_administrator(connection, visit.person_id)
    return {
        "connection": connection,
        "desk_name": desk_side(connection.portal_id).name,
        "roles": [one for one in roles_of(connection) if may_make or not one.is_administrator],
        "may_make_administrators": may_make,
    }


def _sent_roles(request: HttpRequest) -> dict[int, str]:
    chosen = [text for text in request.POST.getlist("person") if is_id(text)]
    return {int(text): request.POST.get(f"role-{text}", "") for text in chosen}


def _fits(name: str, email: str, text: str) -> bool:
    return text in name.casefold() or text in email.casefold()
