"""Sessions in the database, whose end the open pages feel at once."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kakehashi.core.fixed_reads import first_row, fixed_read
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

    def _get_session_from_db(self) -> Session | None:
        """As Django's, which every page asks."""
        found = first_row(_living(self.session_key or "", timezone.now()))
        if found is None:
            self._session_key = None
        return found


@fixed_read
def _living(session_key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)
