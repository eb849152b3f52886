"""Writing to a portal as a customer would, to try it out: the mail is made here and goes through the very same intake."""

from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.addresses.models import MailAddress
from kakehashi.desk.addresses.queries import find_addresses
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.parsing.mail import ParsedMail
from kakehashi.desk.parsing.parser import parse_mail
from kakehashi.desk.portals.queries import portals_of
from kakehashi.ui.forms.widgets import FilesField

from .models import OutboxMail


class CustomerMailForm(forms.Form):
    name = forms.CharField(label=_("Your name as a customer"), max_length=100, initial="相沢 美咲")
    sender = forms.EmailField(label=_("Your address as a customer"), initial="misaki@customer.example")
    to = forms.CharField(label=_("To"), widget=forms.Select())
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}))
    attachments = FilesField(label=_("Attachments"), required=False)
    answers = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, person_id: int, *arguments: Any, answered: ParsedMail | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        own = (
            MailAddress.objects.filter(portal__in=portals_of(person_id))
            .select_related("portal")
            .order_by("portal", "id")
        )
        choices = [(row.address, f"{row.address} ({row.portal.name})") for row in own]
        if answered is not None and (answer_to := _address_of(answered)):
            choices = [(answer_to, answer_to), *choices]
        widget: Any = self.fields["to"].widget
        widget.choices = list(dict(choices).items())
        self._allowed = {row.portal_id for row in own}

    def clean_to(self) -> str:
        to = str(self.cleaned_data["to"])
        if not any(address.portal_id in self._allowed for address in find_addresses([to])):
            raise forms.ValidationError(_("No portal of yours is written to at this address."))
        return to


def values_of_answer(mail: OutboxMail) -> tuple[ParsedMail | None, dict[str, Any]]:
    """(the mail that is answered, what its receiver would send back)."""
    parsed = parse_mail(bytes(mail.raw))
    if not isinstance(parsed, ParsedMail):
        return None, {}
    receiver = next(iter(parsed.to), None)
    quoted = "\n".join(f"> {line}" for line in parsed.text.splitlines())
    return parsed, {
        "name": receiver.label if receiver else "",
        "sender": receiver.address if receiver else "",
        "to": _address_of(parsed),
        "subject": parsed.subject if parsed.subject.lower().startswith("re:") else f"Re: {parsed.subject}",
        "text": f"\n\n{quoted}",
        "answers": mail.pk,
    }


def send_as_customer(form: CustomerMailForm, answered: ParsedMail | None) -> IncomingMail | None:
    """The mail as a server would hand it over. None when it came already."""
    given = form.cleaned_data
    mail = EmailMessage(policy=SMTP)
    local, _at, domain = given["sender"].rpartition("@")
    mail["From"] = HeaderAddress(" ".join(given["name"].split()), local, domain)
    mail["To"] = given["to"]
    mail["Subject"] = " ".join(given["subject"].split())
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=domain)
    if answered is not None and answered.message_id:
        mail["In-Reply-To"] = answered.message_id
        mail["References"] = " ".join([*answered.references, answered.message_id])
    mail.set_content(given["text"])
    for file in given["attachments"] or []:
        main, _slash, sub = (file.content_type or "application/octet-stream").partition("/")
        mail.add_attachment(file.read(), maintype=main, subtype=sub or "octet-stream", filename=file.name)
    address = find_addresses([given["to"]])[0]
    delivery = Delivery(mail.as_bytes(), [given["to"]], normal_email(given["sender"]), "form")
    return take_in(address.portal, [delivery])[0]


def _address_of(parsed: ParsedMail) -> str:
    """Where an answer to a mail of ours goes."""
    return (parsed.reply_to[0] if parsed.reply_to else parsed.sender).address
