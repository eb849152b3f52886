"""Becoming a person of this installation by oneself. Nothing is stored before the address is shown to be read."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from kakehashi.core.errors import InvalidValues
from kakehashi.identity.invitations.links import LinkIsVoid
from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person

from .links import read_email, sign_up_link

_TEMPLATES = "identity/sign_up/templates"


def ask_to_confirm(email: str, *, site_url: str) -> None:
    """A mail with the link; who has a sign-in already is told so there, so that the page gives nobody away."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person:
        link = site_url.rstrip("/") + reverse("account_login")
        queue_mail(f"{_TEMPLATES}/known", person.email, {"link": link}, person=person)
    else:
        queue_mail(f"{_TEMPLATES}/confirmation", email.strip().lower(), {"link": sign_up_link(email)})


def sign_up(token: str, *, password: str, family_name: str, given_name: str, language: str, time_zone: str) -> Person:
    """Make the person of a link. Raises `LinkIsVoid`, `InvalidValues`."""
    email = read_email(token)
    names = {"family_name": family_name, "given_name": given_name}
    try:
        validate_password(password, Person(email=email, **names))
    except ValidationError as refused:
        raise InvalidValues({"password": " ".join(refused.messages)}) from None
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, password, language=language, time_zone=time_zone, **names)
            verify_email(person)
    except IntegrityError:  # the link was opened twice at once
        raise LinkIsVoid from None
    return person
