"""Our own CRM, asked which records fit a filter."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.filters.checking import problems_of, usable
from kakehashi.core.filters.definition import Filter
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.crm.filters.sql import as_q
from kakehashi.crm.filters.subjects import subjects_of
from kakehashi.crm.list_views.naming import RecordNaming, field_sections
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess, access_of
from kakehashi.crm.records.models import Record
from kakehashi.ui.list_builder.builder import Naming

from .asking import nobody
from .crm_people import CrmPeople


class CrmFilters(CrmPeople):
    """Implements `FilterSide` for one org."""

    def record_subjects(self, module: str, actor: Actor) -> Subjects:
        return subjects_of(self._access_of(actor).schema[module])

    def record_sections(
        self, module: str, subjects: Subjects, actor: Actor
    ) -> Sequence[tuple[Text, Sequence[Subject]]]:
        found = field_sections(self._access_of(actor).schema[module], subjects)
        return [(label, fields) for label, fields in found if fields]

    def record_naming(self, actor: Actor) -> Naming:
        return _Impersonal(self._access_of(actor))

    def filter_problems(self, module: str, asked: Filter) -> Sequence[Text]:
        schema = schema_of(self.org)
        return problems_of(asked, subjects_of(schema[module])) if module in schema and asked else []

    def fitting(self, module: str, asked: Filter, ids: Collection[int]) -> frozenset[int]:
        return frozenset(self._fitting(module, asked).filter(pk__among=ids).values_list("pk", flat=True) if ids else ())

    def count_fitting(self, module: str, asked: Filter) -> int:
        return self._fitting(module, asked).count()

    def _fitting(self, module: str, asked: Filter) -> QuerySet[Record]:
        schema = schema_of(self.org)
        if module not in schema:
            return Record.objects.none()
        found, subjects = schema[module], subjects_of(schema[module])
        rows = Record.objects.filter(org=self.org, module_id=found.id, deleted_at=None)
        viewer = nobody(self.org.time_zone, self.org.fiscal_month)
        return rows.filter(as_q(usable(asked, subjects), subjects, viewer, module_id=found.id, org_id=self.org.pk))

    def _access_of(self, actor: Actor) -> CrmAccess:
        return access_of(actor.person_id or 0, self.org.pk)


class _Impersonal(RecordNaming):
    """For conditions that hold for everybody: nobody is "me"."""

    def people(self) -> Sequence[tuple[str, Text]]:
        return [(value, name) for value, name in super().people() if value.isdecimal()]
