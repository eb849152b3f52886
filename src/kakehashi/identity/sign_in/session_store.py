"""Sessions in the database, whose end the open pages feel at once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction

from kakehashi.core.hearing.actions import end_hearing
from kakehashi.core.hearing.keys import session_hearing


class SessionStore(DatabaseStore):
    """However a session ends (signed out here or elsewhere, on all devices, renewed at a sign-in), its row is deleted here."""

    def delete(self, session_key: str | None = None) -> None:
        ended = session_key or self.session_key
        with transaction.atomic():
            super().delete(session_key)
            if ended:
                end_hearing(session_hearing(ended))
