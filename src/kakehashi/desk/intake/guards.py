"""What a mail is, seen from outside, before anybody looks for its ticket. Pure."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.parsing.headers import plain_addresses
from kakehashi.desk.parsing.mail import ParsedMail

from .models import Reason

_AUTO_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply", "x-autoresponder")
_VACATION = re.compile(
    r"^(?:\[?auto(?:matic|mated)?[ -]?(?:reply|response|antwort)\]?|out of (?:the )?office|away from (?:the )?office|vacation|on vacation|"
    r"autoresponder|automatische antwort|abwesenheit|réponse automatique|"
    r"自動返信|自動応答|自動送信|不在(?:通知|のお知らせ|連絡|応答|です)|休暇中|【?(?:自動返信|不在)】?)|\((?:out of office|auto(?:matic)? reply)\)",
    re.IGNORECASE,
)  # fmt: skip
_BULK = {"bulk", "junk", "list"}


@dataclass(frozen=True, slots=True)
class Around:
    """What one has to know of the house. `recipients` are the envelope's; `own` our addresses, normalised."""

    own: AbstractSet[str]
    recipients: tuple[str, ...] = ()
    envelope_sender: str | None = None


def reason_to_ignore(mail: ParsedMail, around: Around) -> Reason | None:
    """Why this mail must not become part of a ticket. Bounces are told apart elsewhere: `mail.report`."""
    if mail.is_receipt:
        return Reason.RECEIPT
    if normal_email(writer_of(mail, around.own).address) in around.own:
        return Reason.OWN_ADDRESS
    if is_auto_reply(mail, around.envelope_sender):
        return Reason.AUTO_REPLY
    if _is_from_a_list(mail) and not _is_our_list(mail, around):
        return Reason.MAILING_LIST
    return None


def writer_of(mail: ParsedMail, own: AbstractSet[str]) -> Address:
    """Who wrote it. A form on a web site often sends from our own address and names the customer in Reply-To."""
    if normal_email(mail.sender.address) not in own:
        return mail.sender
    others = [address for address in mail.reply_to if normal_email(address.address) not in {"", *own}]
    return others[0] if others else mail.sender


def is_auto_reply(mail: ParsedMail, envelope_sender: str | None = None) -> bool:
    """RFC 3834, and what came before it. A machine that only generates mails (a shop, a monitor) is no auto-replier."""
    headers = mail.headers
    automatic = headers.get("auto-submitted", "").partition(";")[0].strip().lower()
    if automatic in {"auto-replied", "auto-notified"} or any(headers.get(name) for name in _AUTO_REPLY_HEADERS):
        return True
    if headers.get("precedence", "").strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    has_no_return = envelope_sender == "" or headers.get("return-path", "").strip() == "<>"
    is_answer = bool(mail.in_reply_to or mail.references)
    is_vacation = bool(_VACATION.search(mail.subject.strip()))
    return is_vacation or (has_no_return and (is_answer or automatic == "auto-generated"))


def _is_from_a_list(mail: ParsedMail) -> bool:
    precedence = mail.headers.get("precedence", "").strip().lower()
    return bool(mail.headers.get("list-id")) or precedence in _BULK


def _is_our_list(mail: ParsedMail, around: Around) -> bool:
    """A group address of ours that hands mails on to us (support@ as a group) marks them as a list's."""
    named = f"{mail.headers.get('list-post', '')} {mail.headers.get('x-beenthere', '')}".lower()
    if any(address in named for address in around.own):
        return True
    is_list = bool(mail.headers.get("list-id"))
    return is_list and bool(around.own & set(plain_addresses([*mail.to, *mail.cc]))) and "bulk" not in _precedence(mail)


def _precedence(mail: ParsedMail) -> str:
    return mail.headers.get("precedence", "").strip().lower()
