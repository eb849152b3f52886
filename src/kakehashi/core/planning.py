"""Statements whose planning takes longer than their answer: of many joins, and the same whatever their values are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

_MOST_PLANS = 500  # of one connection: all pages together have more than the hundred that psycopg would keep


class PlannedCursor(ServerBindingCursor):
    """Says what it sent, as other cursors do: psycopg keeps no text of what is planned already, and Django's log of statements asks for it."""

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        done = super().execute(query, params, **named)  # type: ignore[misc]  # the stubs know nothing of what it inherits
        self._query = _Sent(query, params)
        return done


@dataclass(frozen=True, slots=True)
class _Sent:
    text: Any
    values: Any

    @property
    def query(self) -> bytes:
        """The statement with its values behind it."""
        return f"{self.text} {self.values}".encode()


def keep_plans(connection: Any, **_signal: Any) -> None:
    """For a new connection: what is prepared gets its one plan at once. PostgreSQL would plan it five times, and then go on as long as
    it thinks that values tell it something.
    """
    connection.connection.execute("SET plan_cache_mode TO force_generic_plan")
    connection.connection.prepared_max = _MOST_PLANS


@contextmanager
def planned_once() -> Iterator[None]:
    """What is asked within is planned once for each connection: its values travel apart from its text (docs/decisions/0022).

    Only for rows found by their ids or by other keys that few rows share. One plan for all values is a bad one where the best way depends on
    them, as in a search for a word.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    before = raw.cursor_factory, raw.prepare_threshold
    raw.cursor_factory, raw.prepare_threshold = PlannedCursor, 0
    try:
        yield
    finally:
        raw.cursor_factory, raw.prepare_threshold = before
