"""Signed-in clients for worlds that thousands of tests ask: signing in takes as long as most pages."""

from django.conf import settings
from django.test import Client

from kakehashi.identity.people.models import Person


class Sessions:
    """Of people who sign in while the world is made, outside of any test's transaction. Others sign in each time."""

    def __init__(self) -> None:
        self._keys: dict[int, str] = {}

    def begin(self, *people: Person) -> None:
        for person in people:
            client = Client()
            client.force_login(person)
            self._keys[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def client_of(self, person: Person | None) -> Client:
        """Nobody is signed in without a person."""
        client = Client()
        if person and person.pk in self._keys:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._keys[person.pk]
        elif person:
            client.force_login(person)
        return client
