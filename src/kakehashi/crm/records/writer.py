"""Who writes, as far as their rights matter to what is refused."""

from collections.abc import Collection
from functools import cached_property

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.crm.modules.queries import AnyModule
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.identity.people.models import Person

from .queries import closed_records


class Writer:
    """Costs a query only where something is refused. The product itself may know everything."""

    def __init__(self, org_id: int, actor: Actor) -> None:
        self.org_id, self.person_id = org_id, actor.person_id

    def may_fill(self, module: AnyModule, field: str) -> bool:
        """Whether the value can be asked of them: nobody fills in what their profile hides or locks."""
        if self._access is None:
            return True
        if module.api_name not in self._access.schema:
            return False
        seen = self._access.schema[module.api_name].fields.get(field)
        return seen is not None and not seen.is_read_only

    def closed(self, record_ids: Collection[int]) -> frozenset[int]:
        """Those of other people's records that they may not see, not even by name."""
        if self.person_id is None:
            return frozenset()
        return closed_records(self._access, record_ids) if self._access else frozenset(record_ids)

    @cached_property
    def _access(self) -> CrmAccess | None:
        person = Person.objects.filter(pk=self.person_id).first() if self.person_id else None
        try:
            return find_access(person, self.org_id) if person else None
        except NotFound:
            return None
