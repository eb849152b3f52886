from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from kakehashi.identity.first_run.middleware import FirstRunMiddleware
from kakehashi.identity.mails.jobs import send_mail
from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person

PASSWORD = "correct horse battery"
Post = Callable[[], list[EmailMultiAlternatives]]


@pytest.fixture(autouse=True)
def _fresh_process(db: None) -> Iterator[None]:
    """What a process remembers is forgotten, and nobody has used up a rate limit."""
    FirstRunMiddleware.somebody_exists = False
    cache.clear()
    yield
    FirstRunMiddleware.somebody_exists = False


@pytest.fixture
def aya() -> Person:
    """The administrator; reads Japanese."""
    person = Person.objects.create_user(
        "aya.mori@example.com", PASSWORD, family_name="森", given_name="彩", language="ja"
    )
    verify_email(person)
    return person


@pytest.fixture
def ben() -> Person:
    """The light agent; reads English, lives in London."""
    person = Person.objects.create_user(
        "ben.hill@example.com", PASSWORD, family_name="Hill", given_name="Ben", language="en", time_zone="Europe/London"
    )
    verify_email(person)
    return person


@pytest.fixture
def post() -> Post:
    """Run the mail jobs; answers what was sent since the last time."""

    def deliver() -> list[EmailMultiAlternatives]:
        mail.outbox.clear()
        for waiting in Mail.objects.order_by("pk"):
            send_mail(waiting.pk)
        return [sent for sent in mail.outbox if isinstance(sent, EmailMultiAlternatives)]

    return deliver


def sign_in(client: Client, person: Person, password: str = PASSWORD) -> None:
    answer = client.post("/account/login/", {"login": person.email, "password": password, "remember": "on"})
    assert answer.status_code == 302, answer.content.decode()
