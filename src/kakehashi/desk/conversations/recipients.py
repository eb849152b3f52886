"""Who gets an answer. Nobody who was written to is dropped, and we never write to ourselves. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakehashi.core.normalise.email import normal_email

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
    own = {normal_email(address) for address in own_addresses}
    last = mails[-1]
    if last.direction == Direction.OUT:
        first, others = parse_addresses(last.to), parse_addresses(last.cc)
    else:
        first, others = [parse_address(last.reply_to or last.sender)], parse_addresses([*last.to, *last.cc])
    first = [address for address in first if normal_email(address.address) not in own]
    seen = own | {normal_email(address.address) for address in first}
    return Recipients(_texts(first), _texts(a for a in others if normal_email(a.address) not in seen))


def _texts(addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(str(address) for address in addresses)
