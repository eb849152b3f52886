"""Records above records of one module: an account's parent, a contact's superior. Nobody stands above themselves."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import Reason
from kakehashi.crm.modules.schema import ModuleSchema

from .checking import Work
from .models import RecordLookup

# What names the record above, by module.
ABOVE: Mapping[str, str] = {"Accounts": "Parent_Account", "Contacts": "Reporting_To"}
GOES_ROUND = Reason(gettext_noop("This would go round in a circle: the chosen entry stands below this one."))
_MOST_LEVELS = 100


def check_hierarchy(works: Sequence[Work], module: ModuleSchema) -> None:
    """Refuse whoever would come to stand above themselves. A new record cannot: nothing names it yet."""
    field = ABOVE.get(module.api_name, "")
    moving = {work.record_id: work for work in works if work.is_open and work.before and work.cleaned.get(field)}
    if not moving:
        return
    _one_at_a_time(module)
    parents = {record_id: int(work.cleaned[field]) for record_id, work in moving.items()}
    known = {**_above(parents.values(), field, module, but=parents), **parents}
    for record_id, work in moving.items():
        if record_id in _chain(record_id, known):
            work.reasons[field] = GOES_ROUND
            work.refuse_if_wrong()


def parents_above(record_id: int, field: str, module: ModuleSchema) -> list[int]:
    """The ids above a record, the nearest first."""
    return _chain(record_id, _above([record_id], field, module, but=()))


def _above(ids: Iterable[int], field: str, module: ModuleSchema, *, but: Iterable[int]) -> dict[int, int]:
    """Who stands above whom, from these records upwards; a query per level. `but`: records whose parent is another by now."""
    known: dict[int, int] = {}
    front, skipped = set(ids), set(but)
    for _level in range(_MOST_LEVELS):
        front -= known.keys() | skipped
        if not front:
            break
        rows = RecordLookup.objects.filter(record_id__in=front, field=field, module_id=module.id)
        found = dict(rows.values_list("record_id", "target_id"))
        known |= found
        front = set(found.values())
    return known


def _chain(record_id: int, known: Mapping[int, int]) -> list[int]:
    chain: list[int] = []
    above = known.get(record_id)
    while above is not None and above not in chain:
        chain.append(above)
        above = known.get(above)
    return chain


def _one_at_a_time(module: ModuleSchema) -> None:
    """Two that put each other on top at the same moment would both see no circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"hierarchy:{module.id}"])
