from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

from .models import OutsideRank


@transaction.atomic
def keep_ranks(portal: Portal, key: str, ranks: Mapping[int, Decimal | None]) -> None:
    """Tickets of the portal get this rank under a key, or lose it where it is None."""
    own = Ticket.objects.filter(portal=portal, pk__in=ranks).values_list("pk", flat=True)
    ranked = {one: rank for one in own if (rank := ranks[one]) is not None}
    OutsideRank.objects.filter(portal=portal, key=key, ticket_id__in=set(ranks) - set(ranked)).delete()
    OutsideRank.objects.bulk_create(
        [OutsideRank(portal=portal, ticket_id=one, key=key, rank=rank) for one, rank in sorted(ranked.items())],
        update_conflicts=True,
        unique_fields=["ticket", "key"],
        update_fields=["rank"],
    )
