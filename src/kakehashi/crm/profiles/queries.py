from django.db.models import Count, Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Profile


def profiles_of(access: CrmAccess) -> QuerySet[Profile]:
    """With the number of people who hold each."""
    held = Count("membership", filter=Q(membership__is_active=True))
    return Profile.objects.filter(org=access.org).annotate(people=held).order_by("-is_administrator", "pk")


def find_profile(access: CrmAccess, profile_id: int | str | None) -> Profile:
    """Raises `NotFound`."""
    text = str(profile_id or "")
    profile = profiles_of(access).filter(pk=int(text)).first() if is_id(text) else None
    if profile is None:
        raise NotFound
    return profile
