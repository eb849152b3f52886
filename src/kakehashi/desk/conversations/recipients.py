"""Who gets an answer. Nobody who was written to is dropped, and we never write to ourselves (lessons F1). Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.addresses.queries import forms_of

from .addresses import Address, parse_address, parse_addresses
from .models import Direction, Message


@dataclass(frozen=True, slots=True)
class Recipients:
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()


def for_reply(messages: Sequence[Message], customer: str) -> Recipients:
    """Whoever wrote last, else the ticket's customer. `messages` oldest first."""
    incoming = [message for message in messages if message.direction == Direction.IN]
    sender = (incoming[-1].reply_to or incoming[-1].sender) if incoming else customer
    return Recipients(to=(sender,) if sender else ())


def for_reply_all(messages: Sequence[Message], customer: str, own_addresses: Sequence[str]) -> Recipients:
    """From, To and Cc of the last mail, without our own addresses; each once, the writer first."""
    mails = [message for message in messages if not message.is_forward]
    if not mails:
        return for_reply(messages, customer)
    own = _normal(own_addresses)
    first, others = (
        [address for address in addresses if not _is_own(address, own)] for addresses in _first_and_others(mails[-1])
    )
    if not first:
        first, others = others, []
    seen = {normal_email(address.address) for address in first}
    return Recipients(_texts(first), _texts(a for a in others if normal_email(a.address) not in seen))


def in_last_mail(messages: Sequence[Message], own_addresses: Sequence[str]) -> tuple[str, ...]:
    """Everybody of the last mail but us: what the recipients of an answer are compared with."""
    mails = [message for message in messages if not message.is_forward]
    if not mails:
        return ()
    own, last = _normal(own_addresses), mails[-1]
    texts = (
        [*last.to, *last.cc] if last.direction == Direction.OUT else [last.sender, last.reply_to, *last.to, *last.cc]
    )
    return _texts(address for address in parse_addresses(text for text in texts if text) if not _is_own(address, own))


def known_domains(messages: Sequence[Message], own_addresses: Sequence[str], customer: str) -> tuple[str, ...]:
    """The domains that mails of this ticket came from or went to: one that is not among them may be a slip of the hand."""
    texts = [text for mail in messages for text in (mail.sender, mail.reply_to, *mail.to, *mail.cc, *mail.bcc) if text]
    addresses = [
        address.address for address in parse_addresses([*texts, *own_addresses, *([customer] if customer else [])])
    ]
    return tuple(sorted({normal_email(address).rpartition("@")[2] for address in addresses} - {""}))


def _first_and_others(last: Message) -> tuple[list[Address], list[Address]]:
    if last.direction == Direction.OUT:
        return parse_addresses(last.to), parse_addresses(last.cc)
    return [parse_address(last.reply_to or last.sender)], parse_addresses([*last.to, *last.cc])


def _normal(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(normal for address in addresses if (normal := normal_email(address)))


def _is_own(address: Address, own: Collection[str]) -> bool:
    return any(form in own for form in forms_of(address.address))


def _texts(addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(str(address) for address in addresses)
