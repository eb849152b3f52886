"""Records side by side, with what is chosen of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from kakehashi.core.errors import Text
from kakehashi.desk.customers.queries import account_names
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.records.fields import RecordField
from kakehashi.desk.records.showing import account_ids, text_of
from kakehashi.desk.records.writing import Kind
from kakehashi.ui.comparison.records import Column, CompareRow, Comparison, Option, comparison_of

from .actions import contender_of
from .choosing import (
    ALL,
    Contender,
    chosen_values,
    default_choices,
    filled_count,
    in_order_of_merit,
    is_filled,
    is_united,
    united,
)
from .kinds import PAGES


class Contest:
    """The records to be merged and what is chosen: from the form, else by default."""

    def __init__(
        self, access: DeskAccess, kind: Kind[Any], records: Sequence[Any], sent: QueryDict | None = None
    ) -> None:
        self.access, self.kind = access, kind
        by_id = {record.pk: record for record in records}
        ordered = in_order_of_merit([contender_of(kind, record) for record in records])
        wanted = sent.get("survivor", "") if sent else ""
        self.survivor = next((one for one in ordered if str(one.id) == wanted), ordered[0])
        self.contenders = ordered
        self.records = [by_id[one.id] for one in ordered]
        self.names = account_names(access.portal, account_ids(one.values for one in ordered))
        others = [one for one in ordered if one is not self.survivor]
        self.choices = default_choices(kind.fields, [self.survivor, *others])
        self.keeps_addresses = sent is None or "keeps_addresses" in sent
        if sent is not None:
            self.choices |= self._sent_choices(sent)

    @property
    def has_addresses(self) -> bool:
        return any(field.is_list for field in self.kind.fields)

    def values(self) -> dict[str, Any]:
        return chosen_values(self.kind.fields, self.choices, self.contenders)

    def comparison(self, refusals: Mapping[str, Text]) -> Comparison:
        columns = [self._column(record, one) for record, one in zip(self.records, self.contenders, strict=True)]
        return comparison_of(
            columns, [self._row(field, refusals.get(field.api_name, "")) for field in self.kind.fields]
        )

    def _sent_choices(self, sent: QueryDict) -> dict[str, str]:
        known = {ALL, *(str(one.id) for one in self.contenders)}
        answers = {field.api_name: sent.get(f"field-{field.api_name}", "") for field in self.kind.fields}
        return {name: answer for name, answer in answers.items() if answer in known}

    def _row(self, field: RecordField, refusal: Text) -> CompareRow:
        options = [
            self._option(field, str(one.id), one.values.get(field.api_name), record.name)
            for one, record in zip(self.contenders, self.records, strict=True)
        ]
        extra = None
        if is_united(field, self.contenders):
            extra = self._option(field, ALL, united(field, self.contenders), "")
        return CompareRow(field.api_name, field.label, options, extra, refusal)

    def _option(self, field: RecordField, key: str, value: Any, column: str) -> Option:
        text = text_of(field, value, self.names)
        return Option(key, text, column, key == self.choices[field.api_name], is_filled(value))

    def _column(self, record: Any, contender: Contender) -> Column:
        url = PAGES[self.kind.name].url(self.access.portal.pk, record.pk)
        return Column(record, url, filled_count(contender), contender is self.survivor)
