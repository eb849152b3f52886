"""Changing tickets, one from its sheet or several from the list: what became of each is told, and there is a way back."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.tickets import TicketChange, TicketField
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotAllowed, NotFound, Text
from kakehashi.core.ids import ids_in
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .form_fields import form_field, sent_value

# Offered in this order; the others follow.
_FIRST = ("status", "priority", "assigneeId", "dueDate", "departmentId", "classification", "productId", "channel")


class UpdateForm(forms.Form):
    """項目の更新: the field, and the control that goes with it."""

    field = forms.ChoiceField(label=gettext_lazy("Field"))

    def __init__(self, fields: Sequence[TicketField], chosen: str, data: object = None) -> None:
        super().__init__(data, auto_id="update-%s")  # type: ignore[arg-type]
        self.chosen = next((one for one in fields if one.api_name == chosen), fields[0])
        self.fields["field"].choices = [(one.api_name, one.label) for one in fields]  # type: ignore[attr-defined]
        self.initial = {"field": self.chosen.api_name}
        self.fields["value"] = form_field(self.chosen, is_required=self.chosen.is_required)
        self.fields["value"].label = gettext_lazy("Value")


@require_GET
@org_page
def update_form(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    form = UpdateForm(_fields_of(tickets), request.GET.get("field", ""))
    return render(request, f"{TEMPLATES}/update_form.html", {"tickets": tickets, "form": form})


@require_POST
@org_page
def values(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """One field of the chosen tickets gets a new value."""
    tickets, ids = _chosen(request, visit, module, record_id)
    name = request.POST.get("field", "")
    form = UpdateForm(_fields_of(tickets), name, request.POST)
    if form.is_valid():
        value = {name: sent_value(form.cleaned_data["value"])}
        try:
            change = tickets.desk.change_tickets("update", ids, visit.actor, value)
        except InvalidValues as refused:
            form.add_error("value", str(refused.by_field.get(name, refused.message)))
        else:
            return with_event(_answer(request, tickets, change), "close-dialog")
    return render(request, f"{TEMPLATES}/update_form.html", {"tickets": tickets, "form": form}, status=422)


@require_POST
@org_page
def closures(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    tickets, ids = _chosen(request, visit, module, record_id)
    return _answer(request, tickets, tickets.desk.change_tickets("close", ids, visit.actor))


@require_POST
@org_page
def removals(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Into the Desk's recycle bin, with a way back in the toast."""
    tickets, ids = _chosen(request, visit, module, record_id)
    response = _answer(request, tickets, tickets.desk.change_tickets("delete", ids, visit.actor))
    return with_event(response, "close-sheet") if is_fragment(request) else response


@require_POST
@org_page
def restorations(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponse:
    """Out of the Desk's recycle bin, in which the block shows what was taken for spam."""
    tickets, ids = _chosen(request, visit, module, record_id)
    return _answer(request, tickets, tickets.desk.change_tickets("restore", ids, visit.actor))


@require_GET
@org_page
def change(request: HttpRequest, visit: Visit, module: str, record_id: int, change_id: int) -> HttpResponse:
    """How far one's own change is; when it is over, what became of the tickets."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    found = tickets.desk.read_change(change_id, visit.actor)
    if not is_fragment(request):
        return redirect(f"{tickets.crm_url}#desk")
    page = render(request, f"{TEMPLATES}/change.html", _change_context(tickets, found))
    return with_event(page, "ticket-changed") if found.is_over else page


@require_POST
@org_page
def undoing(request: HttpRequest, visit: Visit, module: str, record_id: int, change_id: int) -> HttpResponse:
    """As before, as far as nobody went on from there."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    return with_event(_answer(request, tickets, tickets.desk.undo_change(change_id, visit.actor)), "close-dialog")


def _chosen(request: HttpRequest, visit: Visit, module: str, record_id: int) -> tuple[RecordTickets, Sequence[int]]:
    """The tickets named by `selected`; all must be this customer's."""
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    asked = request.POST.getlist("selected")
    ids = ids_in(asked)
    if not ids:
        raise NotFound
    tickets.require_own(ids)
    return tickets, ids


def _fields_of(tickets: RecordTickets) -> Sequence[TicketField]:
    """What is changed most often first. Raises `NotAllowed` for who may change nothing."""
    if not tickets.rights.may_update:
        raise NotAllowed(_("You need an agent's account in the Desk to change tickets."))
    fields = tickets.desk.ticket_fields(tickets.actor)
    places = {name: place for place, name in enumerate(_FIRST)}
    return sorted(fields, key=lambda field: places.get(field.api_name, len(places)))


def _answer(request: HttpRequest, tickets: RecordTickets, done: TicketChange) -> HttpResponse:
    """A sentence with the way back; where it takes longer, or tickets were left out, a dialog that says so."""
    undo = reverse("record_tickets_undoing", args=[*tickets.address, done.id]) if done.may_undo else ""
    if not is_fragment(request):
        add_toast(request, _said(done), undo=undo)
        return redirect(f"{tickets.crm_url}#desk")
    if done.is_over and not done.skipped:
        return with_toast(with_event(HttpResponse(status=204), "ticket-changed"), _said(done), undo=undo)
    dialog = render(request, f"{TEMPLATES}/change_dialog.html", _change_context(tickets, done))
    dialog["HX-Retarget"], dialog["HX-Reswap"] = "body", "beforeend"
    return with_event(dialog, "ticket-changed")


def _change_context(tickets: RecordTickets, found: TicketChange) -> dict[str, object]:
    return {"tickets": tickets, "change": found, "said": _said(found), "change_args": [*tickets.address, found.id]}


def _said(done: TicketChange) -> Text:
    count = done.changed
    if done.is_undo:
        words = ngettext("%(count)d ticket as before", "%(count)d tickets as before", count)
    elif done.deed == "close":
        words = ngettext("%(count)d ticket closed", "%(count)d tickets closed", count)
    elif done.deed == "delete":
        words = ngettext("%(count)d ticket deleted", "%(count)d tickets deleted", count)
    elif done.deed == "restore":
        words = ngettext("%(count)d ticket restored", "%(count)d tickets restored", count)
    else:
        words = ngettext("%(count)d ticket updated", "%(count)d tickets updated", count)
    return words % {"count": count}
