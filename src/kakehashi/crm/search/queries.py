"""One box, all modules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.normalise.text import fold
from kakehashi.core.search.tokens import query_tokens
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import found_by, hidden_names, visible_records


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one module, best first; `has_more` when the list of the module shows more."""

    module: ModuleSchema
    records: Sequence[Record]
    has_more: bool


def search_records(access: CrmAccess, text: str, *, limit: int) -> list[Group]:
    """The module with the best find first. Per module: whoever is exactly meant (e-mail, phone, name), then names that begin so, then all that hold every word."""
    if not query_tokens(text):
        return []
    exact = _exact_ids(access, text)
    groups = []
    for module in access.schema:
        if not module.is_visible:
            continue
        found = _find(access, module, text, exact, limit)
        if found:
            groups.append(Group(module, found[:limit], has_more=len(found) > limit))
    wanted = fold(text)
    return sorted(groups, key=lambda group: 0 if group.records[0].pk in exact else _rank(group.records[0], wanted))


def _find(access: CrmAccess, module: ModuleSchema, text: str, exact: Iterable[int], limit: int) -> list[Record]:
    records = visible_records(access, module)
    meant = list(records.filter(pk__in=exact)[:limit]) if exact else []
    words = found_by(records, module, text).exclude(pk__in=[record.pk for record in meant])
    # A common word may be in a hundred thousand records: rank the latest of them instead of reading all.
    latest = words.order_by("-modified_at", "-pk")[: max(60, limit * 2)]
    wanted = fold(text)
    return meant + sorted(latest, key=lambda record: _rank(record, wanted))


def _rank(record: Record, wanted: str) -> int:
    name = fold(record.name)
    if name.startswith(wanted):
        return 0
    return 1 if wanted in name else 2


def _exact_ids(access: CrmAccess, text: str) -> set[int]:
    wanted = {"email": normal_email(text), "phone": normal_phone(text), "name": normal_name(text)}
    keys = RecordKey.objects.filter(org_id=access.org.pk)
    for module in access.schema:
        if hidden := hidden_names(module):
            keys = keys.exclude(module_id=module.id, field__in=hidden)
    ids: set[int] = set()
    for kind, value in wanted.items():
        if value and (kind != "phone" or len(value) > 5):
            ids |= set(keys.filter(kind=kind, value=value).values_list("record_id", flat=True)[:20])
    return ids
