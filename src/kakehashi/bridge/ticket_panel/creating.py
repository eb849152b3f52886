"""問い合わせの追加: a new ticket from a record (spec T1)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sides.records import SideRecord, Value
from kakehashi.bridge.sides.tickets import TicketDraft, TicketField
from kakehashi.bridge.sync.links import partners
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues, NotAllowed, ProductError
from kakehashi.ui.forms.widgets import DateTimeInput, FilesField, RichText, SearchSelect
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.toasts import add_toast

from .access import RecordTickets, tickets_of
from .card import TEMPLATES
from .pages import sheet_url, show_sheet, ticket_context
from .writing import uploads_of

_NEW_CONTACT = "new"
_ON_THE_FORM = {"subject", "departmentId", "email", "phone"}
_TICKET_NAMES = {"contactId": "contact", "departmentId": "department", "email": "contact_email"}


class TicketForm(forms.Form):
    """Whose ticket, where it goes, what it is about; the rest folds away. Fields come from the Desk."""

    contact = forms.ChoiceField(label=gettext_lazy("Contact name"), required=False)
    contact_last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, required=False)
    contact_first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=1000, widget=forms.TextInput(attrs={"data-focus": ""})
    )
    description = forms.CharField(label=gettext_lazy("Description"), widget=RichText, required=False)
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)

    def __init__(self, tickets: RecordTickets, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tickets = tickets
        known = known_contacts(tickets)
        self._set_contacts(known)
        self._set_departments()
        self.more: list[str] = []
        for field in tickets.desk.ticket_fields(tickets.actor):
            if field.api_name not in _ON_THE_FORM:
                self.fields[field.api_name] = _form_field(field)
                self.more.append(field.api_name)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("contact") == _NEW_CONTACT and not values.get("contact_last_name"):
            self.add_error("contact_last_name", _("Enter the last name of the new contact."))
        return values

    def draft(self, request: HttpRequest) -> TicketDraft:
        values = self.cleaned_data
        is_new = values["contact"] in {_NEW_CONTACT, ""}
        return TicketDraft(
            department_id=int(values["department"]),
            subject=values["subject"],
            description_html=values["description"],
            contact_id=None if is_new else int(values["contact"]),
            contact_last_name=values["contact_last_name"] if is_new else "",
            contact_first_name=values["contact_first_name"] if is_new else "",
            contact_email=values["contact_email"] if is_new else "",
            account_id=account_of(self.tickets),
            values={name: values[name] for name in self.more if values.get(name) not in (None, "")},
            uploads=uploads_of(request, "attachments"),
        )

    def _set_contacts(self, known: Mapping[str, str]) -> None:
        typed = self.data.get("contact", "") if self.is_bound else ""
        choices = [*known.items(), (_NEW_CONTACT, _("New contact…"))]
        if typed.isdecimal() and typed not in known:
            found = self.tickets.desk.fetch("contacts", [int(typed)]).get(int(typed))
            choices += [(typed, _name(found))] if found else []
        field = self.fields["contact"]
        url = reverse("record_tickets_contacts", args=self.tickets.address)
        field.widget = SearchSelect(url=url, attrs={"data-new-contact": "1"})
        field.choices = choices  # type: ignore[attr-defined]
        field.initial = next(iter(known), _NEW_CONTACT)
        for name, value in _of_new_contact(self.tickets).items():
            self.fields[name].initial = value

    def _set_departments(self) -> None:
        choices = [(one.value, one.label) for one in self.tickets.desk.departments()]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@org_page
def new_ticket(request: HttpRequest, visit: Visit, module: str, record_id: int) -> HttpResponseBase:
    tickets = tickets_of(visit.org_id, module, record_id, visit.actor)
    if not tickets.rights.may_create:
        raise NotAllowed(_("You need an agent's account in the Desk to add tickets."))
    form = TicketForm(tickets, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            ticket_id = tickets.desk.create_ticket(form.draft(request), visit.actor)
        except ProductError as refused:
            _tell(form, refused)
        else:
            return _created(request, tickets, ticket_id)
    status = 422 if request.method == "POST" else 200
    return show_sheet(request, visit, tickets, "new_ticket.html", {"form": form, "tickets": tickets}, status=status)


def known_contacts(tickets: RecordTickets) -> dict[str, str]:
    """The Desk contacts of this record, by id: the person, or the account's people."""
    found = tickets.desk.fetch("contacts", tickets.party.contact_ids[:50])
    return {
        str(one): _name(found[one]) for one in tickets.party.contact_ids if one in found and not found[one].is_deleted
    }


def account_of(tickets: RecordTickets) -> int | None:
    """The account that a ticket from an account's page is filed under, whoever its contact is (lesson B2)."""
    if tickets.record.module != "Accounts":
        return None
    return partners(tickets.connection, "accounts", [tickets.record.id]).get(tickets.record.id)


def _created(request: HttpRequest, tickets: RecordTickets, ticket_id: int) -> HttpResponseBase:
    context = ticket_context(tickets, ticket_id)
    said = _("Ticket #%(number)s was added") % {"number": context["row"].number}
    if not is_fragment(request):
        add_toast(request, said)
        return redirect(sheet_url(tickets, ticket_id))
    page = render(request, f"{TEMPLATES}/ticket.html", context)
    page["HX-Replace-Url"] = sheet_url(tickets, ticket_id)
    return with_toast(with_event(page, "ticket-changed"), said)


def _tell(form: TicketForm, refused: ProductError) -> None:
    if not isinstance(refused, InvalidValues):
        form.add_error(None, str(refused.message))
        return
    for name, sentence in refused.by_field.items():
        field = _TICKET_NAMES.get(name, name)
        form.add_error(field if field in form.fields else None, str(sentence))


def _of_new_contact(tickets: RecordTickets) -> Mapping[str, str]:
    """A person who is not in the Desk yet is made from what the CRM knows."""
    values = tickets.record.values
    if not values.get("Last_Name"):
        return {}
    return {
        "contact_last_name": str(values.get("Last_Name") or ""),
        "contact_first_name": str(values.get("First_Name") or ""),
        "contact_email": str(values.get("Email") or ""),
    }


def _name(record: SideRecord) -> str:
    parts = [record.values.get("lastName"), record.values.get("firstName")]
    name, email = " ".join(str(part) for part in parts if part), record.values.get("email")
    return f"{name} ({email})" if email else name


def _form_field(field: TicketField) -> forms.Field:
    label = str(field.label)
    if field.choices:
        choices: list[tuple[str, Value]] = [(one.value, one.label) for one in field.choices]
        required = field.is_required
        return forms.ChoiceField(label=label, choices=choices if required else [("", "—"), *choices], required=False)
    if field.type == "boolean":
        return forms.BooleanField(label=label, required=False)
    if field.type == "datetime":
        return forms.DateTimeField(label=label, required=False, widget=DateTimeInput)
    if field.type == "email":
        return forms.EmailField(label=label, required=False)
    return forms.CharField(label=label, required=False)
