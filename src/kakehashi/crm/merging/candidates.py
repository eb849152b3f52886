"""Who could be the same as somebody? With the evidence, so that a person can judge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.types import FieldType
from kakehashi.core.normalise.companies import company_core, without_form
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.derived import kana_of, name_of
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import found_by, visible_records

_MOST = 50
_MOST_OF_A_NAME = 200
_KEYED = (FieldType.EMAIL, FieldType.PHONE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant, and what speaks for it, the strongest first."""

    record: Record
    evidence: Sequence[Text]


def find_candidates(
    access: CrmAccess, module: ModuleSchema, values: Mapping[str, Any], *, except_id: int | None = None
) -> list[Candidate]:
    """Visible records of a module that are like `values` (by the module's own field names); those with most in common first."""
    evidence: dict[int, list[Text]] = {}
    for record_id, reason in _reasons(access, module, values):
        reasons = evidence.setdefault(record_id, [])
        if reason not in reasons:
            reasons.append(reason)
    evidence.pop(except_id or 0, None)
    best = sorted(evidence, key=lambda pk: (-len(evidence[pk]), pk))[:_MOST]
    records = visible_records(access, module).select_related("owner").in_bulk(best)
    return [Candidate(records[pk], evidence[pk]) for pk in best if pk in records]


def _reasons(access: CrmAccess, module: ModuleSchema, values: Mapping[str, Any]) -> Iterator[tuple[int, Text]]:
    yield from _by_address(access, module, values)
    name = name_of(values, module)
    if name:
        yield from _by_name(access, module, name)
    if kana := kana_of(values):
        yield from _by_kana(access, module, kana)


def _by_address(access: CrmAccess, module: ModuleSchema, values: Mapping[str, Any]) -> Iterator[tuple[int, Text]]:
    for kind, key, shown in _address_keys(module, values):
        ids = _holders(access, module, kind, [key])
        sentence = _("Same e-mail address: %(value)s") if kind == "email" else _("Same phone number: %(value)s")
        yield from ((record_id, sentence % {"value": shown}) for record_id in ids)


def _address_keys(module: ModuleSchema, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found: dict[tuple[str, str], str] = {}
    for field in module.fields_of(*_KEYED):
        value = values.get(field.api_name)
        for key in KINDS[field.type].keys(value) if value else ():
            found.setdefault(key, str(value))
    return [(kind, key, shown) for (kind, key), shown in found.items()]


def _by_name(access: CrmAccess, module: ModuleSchema, name: str) -> Iterator[tuple[int, Text]]:
    for record_id in _holders(access, module, "name", [normal_name(name)[:320]]):
        yield record_id, _("Same name")
    if module.is_person:
        return
    core, words = company_core(name), without_form(name)
    if not core:
        return
    found = found_by(visible_records(access, module), module, words).order_by("-pk")[:_MOST_OF_A_NAME]
    for record_id, other in found.values_list("pk", "name"):
        if company_core(other) == core and normal_name(other) != normal_name(name):
            yield record_id, _("Same name but for the legal form")


def _by_kana(access: CrmAccess, module: ModuleSchema, kana: str) -> Iterator[tuple[int, Text]]:
    found = found_by(visible_records(access, module), module, kana).order_by("-pk")[:_MOST_OF_A_NAME]
    wanted = _spoken(kana)
    for record in found:
        if _spoken(kana_of(record.values)) == wanted:
            yield record.pk, _("Same reading: %(kana)s") % {"kana": kana_of(record.values)}


def _spoken(kana: str) -> str:
    return fold(kana).replace(" ", "")


def _holders(access: CrmAccess, module: ModuleSchema, kind: str, keys: Iterable[str]) -> list[int]:
    rows = RecordKey.objects.filter(org_id=access.org.pk, module_id=module.id, kind=kind, value__in=list(keys))
    return list(dict.fromkeys(rows.order_by("record_id").values_list("record_id", flat=True)[:_MOST]))
