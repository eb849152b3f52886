"""What every part of a record's belongings (tags, notes, files) writes to the event log: facts about the record itself."""

from collections.abc import Iterable
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.crm.modules.queries import AnyModule

from .models import Record


def tell_of(record: Record, deed: str, actor: Actor, **data: Any) -> None:
    """`crm.record.<deed>`: no change of values, so the version stays; the pages that show the record hear of it."""
    tell_of_many(record.module, [record.pk], deed, actor, **data)


def tell_of_many(module: AnyModule, record_ids: Iterable[int], deed: str, actor: Actor, **data: Any) -> None:
    """The same of many records of one module."""
    told = {"module": module.api_name, **data}
    write_facts(
        [Fact(f"org:{module.org_id}", f"crm.record.{deed}", "crm.record", one, told) for one in record_ids], actor
    )
