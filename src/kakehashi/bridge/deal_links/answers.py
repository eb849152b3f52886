"""What a press of a button does and says, wherever the button stands: on a record of the CRM or on a ticket of the Desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.bridge.connection.models import Connection
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.core.ids import id_in, ids_in
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .actions import find_deal, link_tickets, suggest_again, turn_down, unlink_tickets


@dataclass(frozen=True, slots=True)
class Done:
    """`said` is the toast; `again` names the deal and the tickets for taking it back, "" where nothing was done."""

    said: str
    again: str


def selected(request: HttpRequest) -> Sequence[int]:
    """The tickets named by `selected`, in the form or (taking back) in the address."""
    asked = [*request.POST.getlist("selected"), *request.GET.getlist("selected")]
    return ids_in(asked)


def link(request: HttpRequest, connection: Connection, ids: Sequence[int], actor: Actor) -> Done:
    """Raises `InvalidValues` beside "deal"."""
    deal = find_deal(connection, _deal_id(request), actor)
    new = link_tickets(connection, deal, ids, actor=actor)
    if not new:
        return Done(_("Linked to “%(deal)s” already") % {"deal": deal.name}, "")
    said = ngettext("%(count)d ticket linked to “%(deal)s”", "%(count)d tickets linked to “%(deal)s”", len(new)) % {
        "count": len(new),
        "deal": deal.name,
    }
    return Done(said, _again(deal.id, new))


def unlink(request: HttpRequest, connection: Connection, ids: Sequence[int], actor: Actor) -> Done:
    """Raises `NotFound` for a deal out of sight."""
    try:
        deal = find_deal(connection, _deal_id(request), actor)
    except InvalidValues as unknown:
        raise NotFound from unknown
    gone = unlink_tickets(connection, deal, ids, actor=actor)
    said = ngettext(
        "%(count)d ticket unlinked from “%(deal)s”", "%(count)d tickets unlinked from “%(deal)s”", len(gone)
    ) % {"count": len(gone), "deal": deal.name}
    return Done(said, _again(deal.id, gone) if gone else "")


def refuse(request: HttpRequest, connection: Connection, ids: Sequence[int], actor: Actor) -> Done:
    deal_id = _deal_id(request)
    for one in ids:
        turn_down(connection, deal_id, one, actor=actor)
    return Done(_("The deal is not suggested any more"), _again(deal_id, ids))


def take_refusal_back(request: HttpRequest, connection: Connection, ids: Sequence[int], actor: Actor) -> Done:
    for one in ids:
        suggest_again(connection, _deal_id(request), one, actor=actor)
    return Done(_("The deal is suggested again"), "")


def answer(request: HttpRequest, done: Done, undo: str, *, otherwise: str) -> HttpResponse:
    """To htmx, or to a plain form, which goes on at `otherwise`."""
    back = undo if done.again else ""
    if not is_fragment(request):
        add_toast(request, done.said, undo=back)
        return redirect(otherwise)
    response = HttpResponse(status=204)
    for event in ("close-dialog", "ticket-changed", "deals-changed"):  # the toast would go with the dialog
        response = with_event(response, event)
    return with_toast(response, done.said, undo=back)


def _deal_id(request: HttpRequest) -> int:
    asked = request.POST.get("deal", "") or request.GET.get("deal", "")
    return id_in(asked) or 0


def _again(deal_id: int, ids: Sequence[int]) -> str:
    return urlencode({"deal": deal_id, "selected": list(ids)}, doseq=True)
