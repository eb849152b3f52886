from collections.abc import Mapping
from typing import Any

from kakehashi.identity.people.models import Person

_CHANGEABLE = frozenset({"family_name", "given_name", "language", "time_zone", "theme", "uses_shortcuts"})


def set_language(person: Person, language: str) -> Person:
    return change_profile(person, values={"language": language})


def set_theme(person: Person, theme: str) -> Person:
    return change_profile(person, values={"theme": theme})


def use_shortcuts(person: Person) -> Person:
    return change_profile(person, values={"uses_shortcuts": True})


def leave_shortcuts(person: Person) -> Person:
    return change_profile(person, values={"uses_shortcuts": False})


def change_profile(person: Person, *, values: Mapping[str, Any]) -> Person:
    """Store what people say about themselves; `values` are checked by the form."""
    changes = {name: value for name, value in values.items() if name in _CHANGEABLE}
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    return person
