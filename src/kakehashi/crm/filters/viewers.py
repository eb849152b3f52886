"""What "me", "my team", "today" and "this fiscal year" mean for the person who looks."""

from django.utils import timezone

from kakehashi.core import clock
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.sql import Viewer
from kakehashi.crm.orgs.access import CrmAccess


def viewer_of(access: CrmAccess, asked: Filter) -> Viewer:
    """No query, unless the filter asks for the team."""
    asks_for_team = any("team" in condition.values for condition in asked)
    zone = timezone.get_current_timezone()
    today = clock.now().astimezone(zone).date()
    team = access.team if asks_for_team else frozenset()
    return Viewer(access.person.pk, team, today, zone, access.org.fiscal_month)
