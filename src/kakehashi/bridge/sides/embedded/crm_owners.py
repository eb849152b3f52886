"""Owners of records of our own CRM and their superiors, for the seam."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.bridge.sides.questions import Owner, Place, Superior
from kakehashi.crm.merging.queries import survivor_of
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.orgs.team import tree_of
from kakehashi.crm.records.models import Record

from .crm_people import CrmPeople

_MOST_SUPERIORS = 5


@dataclass(frozen=True)
class CrmOwners(CrmPeople):
    """Implements the part of `OwnerSide` that is about owners for one org."""

    def owners(self, places: Sequence[Place]) -> Mapping[Place, Owner]:
        live = {record.pk: record for record in self._owned([pk for _module, pk in places])}
        today = {pk: survivor_of(self.org.pk, pk) for _module, pk in places if pk not in live}
        live |= {record.pk: record for record in self._owned([pk for pk in today.values() if pk])}
        working = set(
            Membership.objects.filter(
                org=self.org,
                is_active=True,
                person__is_active=True,
                person_id__in=[one.owner_id for one in live.values()],
            ).values_list("person_id", flat=True)
        )
        found = {place: live.get(today.get(place[1]) or place[1]) for place in places}
        return {
            place: Owner(record.name, record.owner.pk, record.owner.name)
            for place, record in found.items()
            if record and record.owner and record.owner.pk in working and record.module.api_name == place[0]
        }

    def superiors(self, person_id: int) -> Sequence[Superior]:
        membership = Membership.objects.filter(org=self.org, person_id=person_id).first()
        if membership is None or membership.role_id is None:
            return []
        for role_id in tree_of(self.org.pk).above(membership.role_id):
            holders = Membership.objects.select_related("person").filter(
                org=self.org, role_id=role_id, is_active=True, person__is_active=True
            )
            found = [Superior(one.person_id, one.person.name) for one in holders.order_by("pk")[:_MOST_SUPERIORS]]
            if found:
                return found
        return []

    def _owned(self, ids: Sequence[int]) -> Iterator[Record]:
        rows = Record.objects.filter(org=self.org, pk__in=ids, deleted_at=None).defer("search", "values")
        return iter(rows.select_related("owner", "module"))
