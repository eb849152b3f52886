from django.db.models import Count, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.models import AgentProfile, Portal


def profiles_of(portal: Portal) -> QuerySet[AgentProfile]:
    """With the number of seats that hold each."""
    return AgentProfile.objects.filter(portal=portal).annotate(people=Count("agents"))


def find_profile(portal: Portal, profile_id: int) -> AgentProfile:
    """Raises `NotFound`."""
    found = AgentProfile.objects.filter(portal=portal, pk=profile_id).first()
    if found is None:
        raise NotFound
    found.portal = portal
    return found
