"""Changes to people. Whoever calls these has already asked whether the actor may."""

from collections.abc import Collection

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from .models import Language, Person


def invite_person(
    email: str, *, family_name: str = "", given_name: str = "", language: str = Language.JAPANESE
) -> tuple[Person, bool]:
    """The person with this address, made without a password if there is none; and whether they are new.

    A new person cannot sign in before opening the link of `identity.invitations` or setting a password by mail.
    """
    address = email.strip().lower()
    with transaction.atomic():
        if person := Person.objects.filter(email=address).first():
            return person, False
        person = Person.objects.create_user(address, family_name=family_name, given_name=given_name, language=language)
    return person, True


def follow_language(person_ids: Collection[int], *, was: str, language: str) -> int:
    """The company in which these people work speaks another language from now on: who began in the old one and never chose
    one follows. Answers how many did.
    """
    people = Person.objects.filter(pk__in=person_ids, language=was, has_own_language=False)
    return people.exclude(language=language).update(language=language)


def verify_email(person: Person) -> None:
    """Note that the person has shown to read the mails of their address."""
    address, _ = EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True})
    address.set_verified(commit=True)


def deactivate_person(person: Person) -> Person:
    """Close the door: no more sign-in, and every open session ends with its next request."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False)
        end_sessions(person)
    person.is_active = False
    return person


def reactivate_person(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(is_active=True)
    person.is_active = True
    return person


def end_sessions(person: Person) -> None:
    """Sign the person out on every device."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def remember_workspace(person: Person, url: str) -> None:
    """Note where the person works, so that `/` brings them back. Called by the products' pages; writes only a change."""
    if person.last_workspace != url:
        Person.objects.filter(pk=person.pk).update(last_workspace=url)
        person.last_workspace = url
