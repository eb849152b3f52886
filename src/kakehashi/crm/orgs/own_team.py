"""Who manages people may move everybody, but see no more by it themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from .access import CrmAccess
from .models import Membership
from .team import team_of


@contextmanager
def keeps_own_team(access: CrmAccess) -> Iterator[None]:
    """A change of roles that is taken back with `NotAllowed` where it widens the team of the person who makes it."""
    before = access.team  # reads it before the change
    with transaction.atomic():
        yield
        if not access.is_administrator and not team_of(Membership.objects.get(pk=access.membership.pk)) <= before:
            raise access.more_than_own()
