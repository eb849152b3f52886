from django.db.models import F, FilteredRelation, Q, QuerySet

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

RANK = "outside_rank"


def with_ranks(rows: QuerySet[Ticket], portal: Portal, key: str) -> QuerySet[Ticket]:
    """The same tickets, each with its rank under a key as `outside_rank`, None where there is none."""
    kept = FilteredRelation("outside_ranks", condition=Q(outside_ranks__portal=portal, outside_ranks__key=key))
    return rows.annotate(outside_kept=kept, **{RANK: F("outside_kept__rank")})
