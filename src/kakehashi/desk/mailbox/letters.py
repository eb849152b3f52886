"""A stored message as the mail that leaves: headers that thread, a text part, inline images by content id, files."""

from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage as Mail
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.core.mail import EmailMessage
from django.utils.html import format_html

from kakehashi.core.attachments.storage import path_of
from kakehashi.core.models import Attachment
from kakehashi.desk.conversations.addresses import Address, parse_address, parse_addresses
from kakehashi.desk.conversations.html import text_of_html
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.conversations.uploads import images_in, show_images
from kakehashi.desk.customer_pages.footer import footer_of
from kakehashi.desk.parsing.reports import STAMP

from .marks import mark_of_ticket, stamp_of, with_tag

_FOOT = '<p style="color:#8a8f94;font-size:11px">{}</p>'


class RawMail(Mail):
    """Django hands a `linesep` of its own to mails that it built; ours ends its lines as SMTP wants in any case."""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\r\n") -> bytes:
        return super().as_bytes(unixfrom=unixfrom, policy=policy or SMTP)


class Letter(EmailMessage):
    """What Django's mail backends send: our finished mail, from and to plain addresses."""

    def __init__(self, mail: Mail, sender: str, recipients: list[str], portal_id: int) -> None:
        super().__init__(subject=str(mail["Subject"]), from_email=sender, to=recipients)
        self.portal_id = portal_id
        self._mail = mail

    def message(self, *arguments: Any, **options: Any) -> Any:
        return self._mail

    def recipients(self) -> list[str]:
        return list(self.to)


def letter_of(message: Message) -> Letter:
    """Raises `ValueError` for addresses that no mail can carry."""
    mail = RawMail(policy=SMTP)
    sender = parse_address(message.sender)
    mail["From"] = header_of(sender)
    for name, texts in (("To", message.to), ("Cc", message.cc)):
        if texts:
            mail[name] = tuple(header_of(address) for address in parse_addresses(texts))
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    if message.in_reply_to:
        mail["In-Reply-To"] = message.in_reply_to
    if message.references:
        mail["References"] = message.references
    mail[STAMP] = stamp_of(message.portal_id, message.ticket_id, message.pk)
    mark = "" if message.is_forward else mark_of_ticket(message.portal, message.ticket_id)
    if mark and (answers := _address_of_answers(message, mark)):
        mail["Reply-To"] = answers
    _write_body(mail, message, mark)
    recipients = [plain_address(address) for address in parse_addresses([*message.to, *message.cc, *message.bcc])]
    return Letter(mail, plain_address(sender), recipients, message.portal_id)


def _address_of_answers(message: Message, mark: str) -> HeaderAddress | None:
    """Where the department's mail server takes tags, an answer names its ticket by its address alone."""
    own = message.ticket.department.answers_from
    if own is None or not own.takes_tags:
        return None
    return header_of(Address(own.name or message.ticket.department.name, with_tag(own.address, mark)))


def _write_body(mail: Mail, message: Message, mark: str) -> None:
    """Last comes the ticket's mark, in small: many programs drop all other signs that a mail is an answer."""
    html = message.html + message.signature_html + message.quoted_html
    sign = f"[#{message.ticket.number}] ref:{mark}" if mark else ""
    offers, shown_offers = footer_of(message)
    foot = shown_offers + (format_html(_FOOT, sign) if sign else "")
    files = [link.attachment for link in message.attachments.select_related("attachment")]
    shown = [file for file in files if file.pk in set(images_in(html))]
    domain = message.message_id.strip("<>").rpartition("@")[2]
    mail.set_content("\n\n".join(part for part in (text_of_html(html), offers, sign) if part))
    mail.add_alternative(
        f"<!doctype html><html><body>{show_images(html, lambda number: f'cid:{number}@{domain}')}{foot}</body></html>",
        subtype="html",
    )
    body = mail.get_body(("html",))
    for image in shown:
        _add_image(body, image, f"<{image.pk}@{domain}>")
    for file in files:
        if file not in shown:
            _add_file(mail, file)


def _add_image(body: MIMEPart | None, image: Attachment, content_id: str) -> None:
    if body is None:
        return
    main, _, sub = image.content_type.partition("/")
    body.add_related(
        path_of(image.digest).read_bytes(),
        main,
        sub or "png",
        cid=content_id,
        filename=image.name,
        disposition="inline",
    )


def _add_file(mail: Mail, file: Attachment) -> None:
    main, _, sub = file.content_type.partition("/")
    if not sub or main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    mail.add_attachment(path_of(file.digest).read_bytes(), maintype=main, subtype=sub, filename=file.name)


def header_of(address: Address) -> HeaderAddress:
    local, _, domain = plain_address(address).rpartition("@")
    return HeaderAddress(display_name=address.name, username=local, domain=domain)


def plain_address(address: Address) -> str:
    """The bare address, its domain in ASCII. Raises `ValueError`."""
    local, at, domain = address.address.rpartition("@")
    if not at or not local or any(character.isspace() for character in address.address):
        raise ValueError(address.address)
    return f"{local}@{domain.encode('idna').decode('ascii')}"
