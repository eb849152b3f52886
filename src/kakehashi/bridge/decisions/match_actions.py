"""What people decide about records without a partner, several at once."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.held import decide_match, look_for_partner
from kakehashi.bridge.sync.models import Link
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound

ONLY = "only"


@transaction.atomic
def decide_matches(connection: Connection, choices: Mapping[int, str], *, actor: Actor) -> int:
    """{link: whose it is, "new" or "apart"}. Those that somebody else has settled meanwhile are left out. Answers how many were decided.

    Raises `InvalidValues` for somebody who was not offered.
    """
    decided = 0
    for link_id, choice in sorted(choices.items()):
        try:
            decide_match(connection, link_id, choice, actor=actor)
            decided += 1
        except NotFound:
            continue
    return decided


@transaction.atomic
def match_after_all(connection: Connection, link_ids: Sequence[int]) -> int:
    """Those that were left apart are looked at again. Answers how many."""
    known = Link.objects.select_for_update().filter(connection=connection, pk__in=link_ids, state=Link.State.APART)
    ids = list(known.order_by("pk").values_list("pk", flat=True))
    for link_id in ids:
        look_for_partner(connection, link_id)
    return len(ids)
