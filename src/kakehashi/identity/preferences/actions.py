from collections.abc import Mapping
from typing import Any

from kakehashi.identity.people.models import Person

_CHANGEABLE = frozenset({"family_name", "given_name", "language", "time_zone", "theme", "uses_shortcuts"})


def set_language(person: Person, language: str) -> Person:
    """Chosen by the person, even where it is the one they had: it no longer follows that of their company."""
    person.has_own_language = True
    person.language = language
    person.save(update_fields=["language", "has_own_language"])
    return person


def set_theme(person: Person, theme: str) -> Person:
    return change_profile(person, values={"theme": theme})


def use_shortcuts(person: Person) -> Person:
    return change_profile(person, values={"uses_shortcuts": True})


def leave_shortcuts(person: Person) -> Person:
    return change_profile(person, values={"uses_shortcuts": False})


def change_profile(person: Person, *, values: Mapping[str, Any]) -> Person:
    """Store what people say about themselves; `values` are checked by the form, which sends the language along unchanged, too."""
    changes = {name: value for name, value in values.items() if name in _CHANGEABLE}
    if changes.get("language", person.language) != person.language:
        changes["has_own_language"] = True
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    return person
