"""What the first administrator may start with; filled by `assembly/wiring.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from kakehashi.core.errors import Text
from kakehashi.identity.people.models import Person
from kakehashi.ui.slots import Slot


@dataclass(frozen=True, slots=True)
class FirstProduct:
    """A product that can be set up on the first run.

    `begin(person, organisation_name, language)` makes the organisation with this person as its administrator and answers
    the address to go to. It runs in the transaction that makes the person: if it fails, nothing was made.
    """

    key: str
    label: Text
    description: Text
    icon: str
    begin: Callable[[Person, str, str], str]


FIRST_RUN: Slot[FirstProduct] = Slot("first run")
