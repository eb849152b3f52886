"""Mail addresses as people read them: `Name <address>`. Written and read back without loss, also for names with commas."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import getaddresses
from functools import lru_cache

from kakehashi.core.normalise.email import normal_email


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    def __str__(self) -> str:
        if not self.name or self.name == self.address:
            return self.address
        name = self.name.replace("\\", "\\\\").replace('"', '\\"')
        needs_quotes = any(character in '()<>@,;:\\".[]' for character in self.name)
        return f'"{name}" <{self.address}>' if needs_quotes else f"{name} <{self.address}>"

    @property
    def is_valid(self) -> bool:
        return bool(normal_email(self.address))

    @property
    def label(self) -> str:
        return self.name or self.address


def parse_addresses(texts: Iterable[str]) -> list[Address]:
    """Every address in these texts, in order, each address once. Malformed ones are kept, so that they can be shown."""
    found: dict[str, Address] = {}
    for text in texts:
        for key, address in _addresses_in(text):
            found.setdefault(key, address)
    return list(found.values())


def parse_address(text: str) -> Address:
    return next((address for _key, address in _addresses_in(text)), Address("", text.strip()))


@lru_cache(maxsize=4096)
def _addresses_in(text: str) -> tuple[tuple[str, Address], ...]:
    """Each with what tells it from others. A ticket's mails name the same few people over and over."""
    line = _one_line(text)
    pairs = [pair for pair in getaddresses([line]) if pair[1].strip()]
    return tuple(
        (normal_email(address) or address, Address(_one_line(name).strip(), address.strip()))
        for name, address in pairs or [("", line)]
        if address
    )


def _one_line(text: str) -> str:
    """Line ends in an address would be new headers of the mail."""
    return " ".join(text.split())
