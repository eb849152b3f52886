"""What a notice says, before it becomes a mail."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from .models import Notice


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text in the language of the moment. `links` are (words, address) and shown as buttons; `small` stands at the foot."""

    subject: str
    paragraphs: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    small: str = ""


Write = Callable[[Notice], Words | None]
"""None: by now there is nothing to say any more, and no mail leaves."""


def public_address(path: str) -> str:
    """A page of ours as a mail names it."""
    return settings.PUBLIC_URL.rstrip("/") + path
