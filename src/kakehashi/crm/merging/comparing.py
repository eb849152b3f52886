"""Records side by side, field by field, with a choice for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from kakehashi.core.errors import Text
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for, values_of
from kakehashi.ui.comparison.records import Column, CompareRow, Comparison, Option, comparison_of

from .choosing import (
    ALL,
    SPARE,
    Contender,
    chosen_values,
    default_choices,
    filled_count,
    in_order_of_merit,
    is_filled,
    is_united,
    mergeable_fields,
    spare_for,
    united,
)


class Contest:
    """The records to be merged, as this person sees them, and what is chosen: from the form, else by default."""

    def __init__(
        self, access: CrmAccess, module: ModuleSchema, records: Sequence[Record], sent: QueryDict | None = None
    ) -> None:
        self.access, self.module = access, module
        self.names = names_for(records, schema_of(access.org).by_id[module.id], access)
        whole = schema_of(access.org).by_id[module.id]
        self.fields = mergeable_fields(whole)
        by_id = {record.pk: record for record in records}
        contenders = [Contender(pk, self._values(record, whole), record.created_at) for pk, record in by_id.items()]
        ordered = in_order_of_merit(contenders)
        wanted = sent.get("survivor", "") if sent else ""
        self.survivor = next((one for one in ordered if str(one.id) == wanted), ordered[0])
        self.contenders = ordered
        self.records = [by_id[one.id] for one in ordered]
        others = [one for one in ordered if one is not self.survivor]
        self.choices = default_choices(self.fields, self.survivor, others)
        if sent is not None:
            self.choices |= self._sent_choices(sent)

    def values(self) -> dict[str, Any]:
        """By the survivor's standing: where two are equal, its spelling counts."""
        return chosen_values(self.fields, self.choices, self.contenders)

    def comparison(self, refusals: Mapping[str, Text]) -> Comparison:
        shown = [field for field in self.fields if field.api_name in self._offered()]
        rows = [self._row(field, refusals.get(field.api_name, "")) for field in shown]
        columns = [self._column(record, one) for record, one in zip(self.records, self.contenders, strict=True)]
        return comparison_of(columns, rows)

    def _values(self, record: Record, module: ModuleSchema) -> dict[str, Any]:
        """A lookup whose target is gone is no value to choose."""
        values = values_of(record, module)
        for lookup in module.lookups:
            target = values.get(lookup.api_name)
            if isinstance(target, int) and target not in self.names.records:
                values.pop(lookup.api_name)
        return values

    def _offered(self) -> set[str]:
        """Fields that this person sees and may change; the others are settled by the defaults."""
        return {field.api_name for field in mergeable_fields(self.module)}

    def _sent_choices(self, sent: QueryDict) -> dict[str, str]:
        known = {ALL, SPARE, *(str(one.id) for one in self.contenders)}
        answers = {name: sent.get(f"field-{name}", "") for name in self._offered()}
        return {name: answer for name, answer in answers.items() if answer in known}

    def _row(self, field: FieldSchema, refusal: Text) -> CompareRow:
        chosen = self.choices[field.api_name]
        options = [
            self._option(field, str(one.id), one.values.get(field.api_name), chosen, record.name)
            for one, record in zip(self.contenders, self.records, strict=True)
        ]
        return CompareRow(field.api_name, field.label, options, self._extra(field, chosen), refusal)

    def _extra(self, field: FieldSchema, chosen: str) -> Option | None:
        if is_united(field, self.contenders):
            return self._option(field, ALL, united(field, self.contenders), chosen, "")
        by_name = {one.api_name: one for one in self.fields}
        if not any(is_filled(one.values.get(field.api_name)) for one in self.contenders):
            settled = {name: choice for name, choice in self.choices.items() if name != field.api_name}
            if spare := spare_for(field, by_name, settled, self.contenders):
                return self._option(field, SPARE, spare, chosen, "")
        return None

    def _option(self, field: FieldSchema, key: str, value: Any, chosen: str, column: str) -> Option:
        text = kind_of(field).display(value, field, self.names) if value is not None else ""
        return Option(key, text, column, key == chosen, is_filled(value))

    def _column(self, record: Record, contender: Contender) -> Column:
        url = reverse("crm_record", args=[self.access.org.pk, self.module.api_name, record.pk])
        return Column(record, url, filled_count(contender), contender is self.survivor)
