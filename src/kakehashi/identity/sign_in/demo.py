"""The one-click sign-ins of a demonstration. Outside demo mode nothing here does anything."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from kakehashi.core.errors import NotFound
from kakehashi.identity.people.models import Person

from .models import DemoSignIn


@dataclass(frozen=True, slots=True)
class Offer:
    """One button as the visitor reads it."""

    id: int
    email: str
    label: str
    description: str


def offer(person: Person, label_ja: str, label_en: str, description: str | tuple[str, str] = "") -> DemoSignIn:
    """Offer this person on the sign-in page. `description`: one line, or a pair (Japanese, English)."""
    description_ja, description_en = (description, description) if isinstance(description, str) else description
    row, _ = DemoSignIn.objects.update_or_create(
        person=person,
        defaults={
            "label_ja": label_ja,
            "label_en": label_en,
            "description_ja": description_ja,
            "description_en": description_en,
        },
    )
    return row


def offers() -> list[Offer]:
    """What the sign-in page shows, in the visitor's language, in the order of the offers. Empty outside demo mode."""
    if not settings.DEMO:
        return []
    is_japanese = (translation.get_language() or "").startswith("ja")
    rows = DemoSignIn.objects.filter(person__is_active=True).select_related("person").order_by("id")
    return [
        Offer(
            row.pk,
            row.person.email,
            row.label_ja if is_japanese else row.label_en,
            row.description_ja if is_japanese else row.description_en,
        )
        for row in rows
    ]


def find_offered_person(offer_id: int) -> Person:
    """The person behind a button. Raises NotFound outside demo mode."""
    if not settings.DEMO:
        raise NotFound
    row = DemoSignIn.objects.filter(pk=offer_id, person__is_active=True).select_related("person").first()
    if row is None:
        raise NotFound
    return row.person
