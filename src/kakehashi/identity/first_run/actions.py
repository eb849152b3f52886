"""The first administrator and what they start with, made once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import ProductError
from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person

from .slots import FIRST_RUN


class AlreadyStarted(ProductError):
    """Somebody has made the first administrator; from now on people are invited."""

    code = "already_started"
    status = 409
    message = _("Somebody else has just set this installation up.")


@dataclass(frozen=True, slots=True)
class Beginning:
    """The person who was made, and where they go first."""

    person: Person
    url: str


def begin(
    *,
    email: str,
    password: str,
    family_name: str,
    given_name: str,
    organisation_name: str,
    language: str,
    time_zone: str,
    product_keys: Sequence[str],
) -> Beginning:
    """Make the first person and their organisation, or nothing. Raises `AlreadyStarted` for whoever comes second."""
    with transaction.atomic():
        _wait_for_others()
        if Person.objects.exists():
            raise AlreadyStarted
        person = Person.objects.create_user(
            email,
            password,
            family_name=family_name,
            given_name=given_name,
            language=language,
            time_zone=time_zone,
        )
        verify_email(person)
        urls = [
            product.begin(person, organisation_name, language) for product in FIRST_RUN if product.key in product_keys
        ]
    return Beginning(person, urls[0] if urls else "/")


def _wait_for_others() -> None:
    """One visitor at a time, across processes; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('identity first run', 0))")
