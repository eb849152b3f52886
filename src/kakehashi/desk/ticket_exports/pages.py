"""Taking a list of tickets home as a spreadsheet."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.ids import ids_in
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.ticket_views.choice import ListChoice, read_choice
from kakehashi.desk.ticket_views.columns import offered_columns
from kakehashi.desk.ticket_views.offer import Offer, offer_for
from kakehashi.desk.ticket_views.queries import capped_count, chosen_tickets, listed, ranked
from kakehashi.desk.ticket_views.subjects import subjects_of
from kakehashi.desk.ticket_views.views import views_of
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.downloads.streaming import chosen_encoding, csv_download
from kakehashi.ui.templatetags.ui_words import number

from .writing import export_lines

_MOST_COUNTED = 10_000
_MOST_CHOSEN = 500


@require_GET
@desk_page
def new(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Which encoding, which columns; says how many tickets there will be."""
    access.require("may_export")
    offer = offer_for(access)
    choice = _choice(request, access, offer)
    context = {
        "heading": _("Export tickets"),
        "count_words": _count_words(capped_count(_tickets(request, access, choice, offer), _MOST_COUNTED)),
        "all_words": _("All that a list can show"),
        "state": choice.query(),
        "ids": _ids(request),
        "url": reverse("desk_ticket_export", args=[access.portal.pk]),
    }
    return render(request, "ui/downloads/templates/dialog.html", context)


@require_GET
@desk_page
def download(request: HttpRequest, access: DeskAccess) -> StreamingHttpResponse:
    """The file itself; that it was taken is written down first."""
    access.require("may_export")
    offer = offer_for(access)
    choice = _choice(request, access, offer)
    tickets = _tickets(request, access, choice, offer)
    names = offered_columns(offer) if request.GET.get("scope") == "all" else choice.columns
    encoding = chosen_encoding(request)
    _tell(access, choice, _ids(request))
    lines = export_lines(access.portal, tickets, names, offer, sort=choice.sort, encoding=encoding)
    return csv_download(lines, name=_("Tickets"), plain_name="tickets", encoding=encoding)


def _choice(request: HttpRequest, access: DeskAccess, offer: Offer) -> ListChoice:
    """The state of the list as its toolbar sends it, or as its form carries it along."""
    query = QueryDict(request.GET["query"]) if request.GET.get("query") else request.GET
    return read_choice(query, views_of(access), offer)


def _tickets(request: HttpRequest, access: DeskAccess, choice: ListChoice, offer: Offer) -> QuerySet[Ticket]:
    rows = chosen_tickets(access, subjects_of(access.portal, offer.schemas), choice.filter, choice.text)
    ids = _ids(request)
    return listed(ranked(rows.filter(pk__in=ids) if ids else rows, access.portal, choice.sort), choice.sort)


def _ids(request: HttpRequest) -> Sequence[int]:
    """Those that were ticked; none of them for the whole view."""
    sent = [] if request.GET.get("everything") else request.GET.getlist("selected")[:_MOST_CHOSEN]
    return ids_in(sent)


def _count_words(total: int) -> str:
    if total > _MOST_COUNTED:
        return _("More than %(total)s tickets, in the order of the list.") % {"total": number(_MOST_COUNTED)}
    said = ngettext(
        "%(total)s ticket, in the order of the list.", "%(total)s tickets, in the order of the list.", total
    )
    return said % {"total": number(total)}


def _tell(access: DeskAccess, choice: ListChoice, ids: Sequence[int]) -> None:
    portal = access.portal
    data = {"view": str(choice.view.name), "chosen": len(ids), "filter": choice.filter_text, "text": choice.text}
    with transaction.atomic():
        write_fact(Fact(portal.tenant, "desk.tickets.exported", "desk.portal", portal.pk, data), access.actor)
