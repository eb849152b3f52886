"""Who does something: a person, an integration, an import or the product itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Passed to every action. `origin` is empty for what a person typed on a page, else "connection:4", "import:9", "mail", "demo"."""

    person_id: int | None
    name: str
    origin: str = ""

    @property
    def is_person(self) -> bool:
        return self.person_id is not None and not self.origin


SYSTEM = Actor(person_id=None, name="Kakehashi", origin="system")
