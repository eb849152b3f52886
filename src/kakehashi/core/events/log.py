"""Writing to the event log, always inside the transaction of the change itself."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from kakehashi.core import clock
from kakehashi.core.actors import Actor

CHANNEL = "kakehashi_events"
_LONGEST_NOTICE = 7_800  # bytes; PostgreSQL refuses 8,000
_JSON = DjangoJSONEncoder(ensure_ascii=False)
_COPY = "COPY core_event (tenant, topic, kind, subject_id, origin, person_id, person_name, data, at) FROM STDIN"


_Waiting = list[tuple["Fact", Actor, datetime]]
_together: ContextVar[_Waiting | None] = ContextVar("facts_together", default=None)


@dataclass(frozen=True, slots=True)
class Fact:
    """What to write down: `topic` in the past tense ("crm.record.updated") about one subject of one tenant."""

    tenant: str
    topic: str
    kind: str
    subject_id: int
    data: Mapping[str, Any] = field(default_factory=dict)


def write_fact(fact: Fact, actor: Actor) -> None:
    """Write one event and wake the readers when the surrounding transaction commits."""
    write_facts([fact], actor)


def write_facts(facts: Sequence[Fact], actor: Actor) -> None:
    """Write many events at once. Must run inside a transaction, else a crash could part a change from its event."""
    write_facts_of([(fact, actor) for fact in facts])


def write_facts_of(deeds: Sequence[tuple[Fact, Actor]]) -> None:
    """The same for what several people did, each with who did it."""
    at = clock.now()
    rows = [(fact, actor, at) for fact, actor in deeds]
    waiting = _together.get()
    if waiting is None:
        write_past_facts(rows)
    else:
        waiting.extend(rows)


@contextmanager
def facts_together() -> Iterator[_Waiting]:
    """Many small actions, one write: their events are kept in the list that this yields and written, in order, at its end.

    Inside one transaction. Whoever takes back a part of it (a savepoint) cuts that part's events off the list.
    """
    waiting: _Waiting = []
    token = _together.set(waiting)
    try:
        yield waiting
    finally:
        _together.reset(token)
    write_past_facts(waiting)


def write_past_facts(past: Sequence[tuple[Fact, Actor, datetime]]) -> None:
    """Events of long ago that come in only now, each with who did it and when, in the order in which they happened."""
    _write([fact for fact, _actor, _at in past], past)


def _write(facts: Sequence[Fact], rows: Iterable[tuple[Fact, Actor, datetime]]) -> None:
    if not facts:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of its change; open one first.")
    _copy_facts(rows)
    _notify(facts)


def tell_pages(tenant: str, subjects: Iterable[str]) -> None:
    """For what is not worth an event: open pages hear of the subjects when the transaction commits, and nothing is kept."""
    _send_notice(tenant, subjects)


def _copy_facts(rows: Iterable[tuple[Fact, Actor, datetime]]) -> None:
    """COPY: a bulk write of ten thousand records writes ten thousand events, and must not wait for them."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY) as copy:
        for fact, actor, at in rows:
            copy.write_row(
                (
                    fact.tenant,
                    fact.topic,
                    fact.kind,
                    fact.subject_id,
                    actor.origin,
                    actor.person_id,
                    actor.name,
                    _JSON.encode(dict(fact.data)),
                    at,
                )
            )


def _notify(facts: Iterable[Fact]) -> None:
    """One notice per tenant: the subjects touched, or none named where there are too many to name (then: anything), and what became of them."""
    by_tenant: dict[str, tuple[set[str], set[str]]] = {}
    for fact in facts:
        subjects, topics = by_tenant.setdefault(fact.tenant, (set(), set()))
        subjects.add(f"{fact.kind}:{fact.subject_id}")
        topics.add(fact.topic)
    for tenant, (subjects, topics) in by_tenant.items():
        _send_notice(tenant, subjects, topics)


def _send_notice(tenant: str, subjects: Iterable[str], topics: Iterable[str] = ()) -> None:
    said = {"tenant": tenant, "topics": sorted(topics)}
    notice = json.dumps({**said, "subjects": sorted(set(subjects))})
    if len(notice) > _LONGEST_NOTICE:
        notice = json.dumps({**said, "subjects": []})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, notice])
