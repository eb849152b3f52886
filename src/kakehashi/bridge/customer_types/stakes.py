"""What is at stake in a column of the board: the open deals of the customers who stand there, each counted once, by the reader's rights."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.models import Sight
from kakehashi.bridge.deal_links.sight import reader_for, sight_for
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text

from .models import About, CountedRecord, TypeColumn
from .sorting import RANK

MOST_TICKETS = 5_000  # of more nobody waits for the sum


def stakes_of(
    connection: Connection, columns: Sequence[TypeColumn], actor: Actor, *, department_id: int | None = None
) -> Mapping[int, Text]:
    """Sums in words, by column; none where nothing is at stake, amounts are hidden, or there are too many tickets. As many queries for
    many as for one.
    """
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    asked = [column.pk for column in columns if column.about != About.REST]
    if not asked or sight_for(connection, crm, actor) != Sight.AMOUNT:
        return {}
    by_ticket = desk.board_places(RANK, asked, actor, department_id=department_id, limit=MOST_TICKETS + 1)
    if not by_ticket or len(by_ticket) > MOST_TICKETS:
        return {}
    rows = CountedRecord.objects.filter(connection=connection, ticket_id__in=by_ticket)
    by_column: defaultdict[int, set[int]] = defaultdict(set)
    for ticket_id, record_id in rows.values_list("ticket_id", "record_id"):
        by_column[by_ticket[ticket_id]].add(record_id)
    return crm.deal_sums(by_column, reader_for(connection, crm, actor))
