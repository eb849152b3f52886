"""One box, all modules: exactly meant ones, names that begin so, and the latest that hold every word, ranked together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kakehashi.core import clock
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.search.ranking import Find, rank
from kakehashi.core.search.tokens import query_tokens
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record, RecordKey
from kakehashi.crm.records.queries import found_by, hidden_names, visible_records

MOST_RANKED = 1_000
_LEAST_RANKED = 60
_MOST_EXACT = 20
_MOST_BEGINNING = 200
_SHORTEST_PHONE = 6


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one module, best first; `has_more` when there is more than was asked for."""

    module: ModuleSchema
    records: Sequence[Record]
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Keys:
    """Records found by their normalised keys, over all modules and not yet by what a person may see."""

    exact: frozenset[int]
    beginning: frozenset[int]


def search_records(access: CrmAccess, text: str, *, limit: int) -> list[Group]:
    """The module with the best find first. Four queries, however many modules and records there are."""
    modules = [module for module in access.schema if module.is_visible]
    return _search(access, modules, text, limit, max(_LEAST_RANKED, limit * 2))


def search_module(access: CrmAccess, module: ModuleSchema, text: str) -> Sequence[Record]:
    """The best of one module, as many as are ranked."""
    groups = _search(access, [module], text, MOST_RANKED, MOST_RANKED)
    return groups[0].records if groups else []


def _search(access: CrmAccess, modules: Sequence[ModuleSchema], text: str, limit: int, ranked: int) -> list[Group]:
    if not query_tokens(text) or not modules:
        return []
    keys = _keys(access, text)
    ids = _candidates(access, modules, text, keys, ranked)
    by_module: dict[int, list[tuple[tuple[int, float], Record]]] = {}
    now = clock.now()
    for record in Record.objects.defer("search").filter(pk__among=ids):
        find = Find(
            record.name, record.modified_at, record.owner_id == access.person.pk, is_exact=record.pk in keys.exact
        )
        by_module.setdefault(record.module_id, []).append((rank(find, text, now), record))
    groups = []
    for module in modules:
        found = sorted(by_module.get(module.id, []), key=lambda pair: pair[0])
        if found:
            group = Group(module, [record for _rank, record in found[:limit]], has_more=len(found) > limit)
            groups.append((found[0][0], group))
    return [group for _best, group in sorted(groups, key=lambda pair: pair[0])]


def _candidates(access: CrmAccess, modules: Sequence[ModuleSchema], text: str, keys: _Keys, ranked: int) -> set[int]:
    """A common word may be in a hundred thousand records: the latest of them are ranked instead of reading all."""
    parts: list[QuerySet[Record, int]] = []
    known = keys.exact | keys.beginning
    for module in modules:
        records = visible_records(access, module)
        words = found_by(records, module, text).order_by("-modified_at", "-pk")[:ranked]
        parts.append(words.values_list("pk", flat=True))
        if known:
            parts.append(records.filter(pk__in=known).order_by().values_list("pk", flat=True))
    return set(parts[0].union(*parts[1:], all=True))


def _keys(access: CrmAccess, text: str) -> _Keys:
    keys = RecordKey.objects.filter(org_id=access.org.pk)
    for module in access.schema:
        if hidden := hidden_names(module):
            keys = keys.exclude(module_id=module.id, field__in=hidden)
    name = normal_name(text)
    exact = _ids(keys.filter(kind=kind, value=value)[:_MOST_EXACT] for kind, value in _meant(text))
    beginning = _ids([keys.filter(Q(kind="name", value__startswith=name))[:_MOST_BEGINNING]]) if name else frozenset()
    return _Keys(exact, beginning)


def _meant(text: str) -> Iterable[tuple[str, str]]:
    wanted = {"email": normal_email(text), "phone": normal_phone(text), "name": normal_name(text)}
    return [
        (kind, value) for kind, value in wanted.items() if value and (kind != "phone" or len(value) >= _SHORTEST_PHONE)
    ]


def _ids(parts: Iterable[QuerySet[RecordKey]]) -> frozenset[int]:
    found = [part.values_list("record_id", flat=True) for part in parts]
    return frozenset(found[0].union(*found[1:], all=True)) if found else frozenset()
