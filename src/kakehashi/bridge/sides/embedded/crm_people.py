"""People and settings of our own CRM, for the seam."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.bridge.sides.people import Colleague
from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import access_of
from kakehashi.crm.orgs.models import Membership, Org


@dataclass(frozen=True)
class CrmPeople:
    """Implements the part of `CrmSide` about people and settings for one org."""

    org: Org

    @property
    def time_zone(self) -> str:
        return self.org.time_zone

    def colleagues(self) -> Sequence[Colleague]:
        members = Membership.objects.select_related("person", "profile").filter(
            org=self.org, is_active=True, person__is_active=True
        )
        return [
            Colleague(one.person_id, one.person.name, one.person.email, _(one.profile.name))
            for one in members.order_by("pk")
        ]

    def fields_url(self, module: str) -> str:
        return reverse("crm_module", args=[self.org.pk, module])

    def modules_url(self) -> str:
        return reverse("crm_modules", args=[self.org.pk])

    def has_member(self, person_id: int) -> bool:
        try:
            access_of(person_id, self.org.pk)
        except NotFound:
            return False
        return True
