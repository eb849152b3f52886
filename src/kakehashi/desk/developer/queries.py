from collections.abc import Sequence

from django.db.models import Q

from kakehashi.desk.portals.models import Portal

from .actions import administrators
from .models import ConnectionKey, KeyAttempt

_SHOWN = 20


def keys_of(portal: Portal) -> Sequence[ConnectionKey]:
    return list(ConnectionKey.objects.filter(portal=portal)[:50])


def attempts_at(portal: Portal) -> Sequence[KeyAttempt]:
    """With one of its keys, or wrongly under the address of one of its administrators; newest first."""
    addresses = list(administrators(portal).values_list("person__email", flat=True))
    concerned = Q(key__portal=portal) | Q(is_right=False, email__in=addresses)
    return list(KeyAttempt.objects.filter(concerned)[:_SHOWN])
