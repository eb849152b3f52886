"""問い合わせの追加: whose ticket, where it goes, what it is about, and the fields that its department asks for (spec T1)."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.sides.tickets import TicketDraft, TicketField
from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.ids import ids_in, is_id
from kakehashi.core.models import Attachment
from kakehashi.ui.forms.widgets import FilesField, RichText, SearchSelect

from .access import RecordTickets
from .customers import OF_RECORD, account_of, known_contacts, name_of, new_contact, person_of
from .form_fields import form_field, sent_value, typed_values
from .writing import uploads_of

_NEW_CONTACT = "new"
_PLACES = {
    "contactId": "contact", "departmentId": "department", "accountId": "account", "email": "contact_email",
    "lastName": "contact_last_name", "firstName": "contact_first_name",
}  # fmt: skip


class TicketForm(forms.Form):
    """The fields below the description are those of the department's layout. `key` is the form's own: sent twice, it opens one ticket."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    contact = forms.ChoiceField(label=gettext_lazy("Contact name"), required=False)
    contact_last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    contact_first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    account = forms.ChoiceField(
        label=gettext_lazy("Account name"),
        required=False,
        help_text=gettext_lazy("Left empty, the contact's own account is used."),
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=1000, widget=forms.TextInput(attrs={"data-focus": ""})
    )
    description = forms.CharField(label=gettext_lazy("Description"), widget=RichText, required=False)
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)

    def __init__(
        self,
        tickets: RecordTickets,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        typed: QueryDict | None = None,
    ) -> None:
        """`data` was sent; `typed` is what stands there so far, not judged yet."""
        super().__init__(data, files)
        self.tickets, self.sent = tickets, data if data is not None else typed
        self.initial = {"key": uuid4().hex}
        self.laid_out = self._lay_out()
        self._offer_customers()
        if typed is not None:
            self.initial.update(typed_values(self, typed))

    @property
    def laid_out_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.laid_out]

    @cached_property
    def kept_files(self) -> Sequence[Attachment]:
        """What was sent ahead and lies with the form."""
        return [found for number in self._kept if (found := self._kept_file(number))]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("contact") == _NEW_CONTACT and not values.get("contact_last_name"):
            self.add_error("contact_last_name", _("Enter the last name of the new contact."))
        return values

    def draft(self, request: HttpRequest) -> TicketDraft:
        values = self.cleaned_data
        chosen = values["contact"]
        is_known = chosen not in {_NEW_CONTACT, OF_RECORD, ""}
        names = new_contact(self.tickets) if chosen == OF_RECORD else {} if is_known else values
        return TicketDraft(
            department_id=int(values["department"]),
            subject=values["subject"],
            description_html=values["description"],
            contact_id=int(chosen) if is_known else person_of(self.tickets) if chosen == OF_RECORD else None,
            contact_last_name=names.get("contact_last_name", ""),
            contact_first_name=names.get("contact_first_name", ""),
            contact_email=names.get("contact_email", ""),
            account_id=int(values["account"]) if values["account"] else None,
            values={name: sent_value(values[name]) for name in self.laid_out if values.get(name) not in (None, "", [])},
            uploads=uploads_of(request, "attachments"),
            kept=self._kept,
            key=values["key"],
        )

    def tell(self, refused: ProductError) -> None:
        """Why the Desk did not take it, each reason beside its field."""
        if not isinstance(refused, InvalidValues):
            self.add_error(None, str(refused.message))
            return
        for name, sentence in refused.by_field.items():
            place = _PLACES.get(name, name)
            self.add_error(place if place in self.fields else None, str(sentence))

    @property
    def _kept(self) -> tuple[int, ...]:
        sent = self.sent.getlist("uploads") if self.sent else []
        return tuple(ids_in(sent))

    def _kept_file(self, number: int) -> Attachment | None:
        try:
            return self.tickets.desk.read_upload(number, self.tickets.actor)
        except NotFound:
            return None

    def _chosen(self, name: str) -> str:
        """What was chosen in a list, if it is a number."""
        value = self.sent.get(name, "") if self.sent else ""
        return value if is_id(value) else ""

    def _lay_out(self) -> list[str]:
        """The names of the chosen department's fields, in its order."""
        department = self._chosen("department") or next((one.value for one in self.tickets.desk.departments()), "0")
        fields = self._fields_of(department)
        offered = [(one.value, one.label) for one in fields["departmentId"].choices]
        if offered and department not in dict(offered):  # it is switched off
            department, fields = offered[0][0], self._fields_of(offered[0][0])
        self.fields["department"].choices = offered  # type: ignore[attr-defined]
        self.initial.update(department=department, channel="Phone")
        names = [name for name in fields if name != "departmentId"]
        self.fields.update({name: form_field(fields[name], is_required=fields[name].is_required) for name in names})
        return names

    def _fields_of(self, department: str) -> dict[str, TicketField]:
        found = self.tickets.desk.ticket_fields(self.tickets.actor, int(department))
        return {field.api_name: field for field in found}

    def _offer_customers(self) -> None:
        contacts, accounts = known_contacts(self.tickets), account_of(self.tickets)
        first = next(iter(contacts), _NEW_CONTACT)
        contacts |= self._named("contacts", "contact", contacts) | {_NEW_CONTACT: _("New contact…")}
        self._offer("contact", "record_tickets_contacts", contacts, first, _("Name or e-mail address"))
        chosen = next(iter(accounts), "")
        accounts |= self._named("accounts", "account", accounts)
        self._offer("account", "record_tickets_accounts", {"": "", **accounts}, chosen, _("Account name"))
        self.initial.update(new_contact(self.tickets))

    def _offer(self, name: str, url_name: str, choices: Mapping[str, str], first: str, placeholder: str) -> None:
        url = reverse(url_name, args=self.tickets.address)
        self.fields[name].widget = SearchSelect(url=url, placeholder=placeholder)
        self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]
        self.initial[name] = first

    def _named(self, module: str, field: str, known: Mapping[str, str]) -> dict[str, str]:
        """Somebody who was found by searching stands among the choices as well."""
        chosen = self._chosen(field)
        if not chosen or chosen in known:
            return {}
        found = self.tickets.desk.fetch(module, [int(chosen)]).get(int(chosen))
        if found is None or found.is_deleted:
            return {}
        return {chosen: str(found.values.get("accountName")) if module == "accounts" else name_of(found)}
