"""What became of a case, beside what was expected of it. Findings are sentences; none means that all is well."""

from collections.abc import Iterator
from typing import Any

from kakehashi.bridge.sync.approving import latest_plan
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.outcome_models import JournalRow, PlanRow
from kakehashi.crm.records.models import Record
from tests.corpus.worlds import KINDS, MODULES, World

_PLANNED = {"linked": ("link", "conflict"), "made": ("create",), "held": ("hold",), "refused": ("refuse",)}


def judge(world: World) -> list[str]:
    return [
        *_fates(world),
        *_values(world),
        *_losses(world),
        *(f"{side} {module} {record_id} is one too many" for side, module, record_id in _strangers(world)),
    ]


def judge_plan(world: World) -> list[str]:
    """The plan must have said the same, where nobody did anything since. Whom a record of the other side is joined to is told with that one."""
    if world.case.then:
        return []
    found = {}
    for row in PlanRow.objects.filter(run=latest_plan(world.connection)):
        found[row.side, row.module, row.crm_id if row.side == "crm" else row.desk_id] = row
    findings = []
    for name, expected in world.case.expect.items():
        row = found.get(world.places[name])
        planned = _PLANNED.get(expected.split()[0])
        if row is not None and planned and row.kind not in planned:
            findings.append(f"{name}: the plan says {row.kind} {row.evidence or row.reason}, expected {expected}")
        elif row is None and planned and world.is_in_crm(name):
            findings.append(f"{name}: the plan does not tell of it")
    return findings


def _fates(world: World) -> Iterator[str]:
    for name, expected in world.case.expect.items():
        became = set(_fates_of(world, name))
        if expected not in became:
            yield f"{name}: expected {expected}, became {' / '.join(sorted(became))}"


def _fates_of(world: World, name: str) -> Iterator[str]:
    """Everything that is true of it, in the words of `expect`."""
    side, module, record_id = world.places[name]
    is_there = _is_there(side, module, record_id)
    yield "there" if is_there else "gone"
    links = list(world.links(module).filter(**{f"{side}_id": record_id}))
    if not links and is_there:
        yield "alone"
    if Dirty.objects.filter(connection=world.connection, module=module, record_id=record_id).exclude(reason=""):
        yield "refused"
    for link in links:
        yield _told(world, side, link)


def _told(world: World, side: str, link: Link) -> str:
    if link.state == Link.State.HELD:
        return f"held {link.evidence['reason']}"
    if link.state != Link.State.LIVE:
        return "apart" if link.state == Link.State.APART else f"ended {link.ending}"
    other = ("desk", link.module, link.desk_id) if side == "crm" else ("crm", link.module, link.crm_id)
    return next((f"linked {name}" for name, place in world.places.items() if place == other), "made")


def _is_there(side: str, module: str, record_id: int) -> bool:
    rows: Any = Record.objects if side == "crm" else KINDS[module].rows()
    return bool(rows.filter(pk=record_id, deleted_at=None).exists())


def _values(world: World) -> Iterator[str]:
    for name, values in world.case.after.items():
        for field, wanted in values.items():
            found = _value(world, name, field)
            if (found or None) != (world.meant(wanted) or None):
                yield f"{name}.{field}: expected {wanted!r}, is {found!r}"


def _value(world: World, name: str, field: str) -> Any:
    is_partner = name.startswith("partner of ")
    side, module, record_id = world.places[name.removeprefix("partner of ")]
    if is_partner:
        side, record_id = "desk" if side == "crm" else "crm", world.partner(name.removeprefix("partner of ")) or 0
    if side == "crm":
        record = Record.objects.filter(pk=record_id).first()
        return record.values.get(field) if record else "nobody"
    row = KINDS[module].rows().filter(pk=record_id).first()
    return KINDS[module].values_of(row)[field] if row else "nobody"


def _losses(world: World) -> Iterator[str]:
    rows = JournalRow.objects.filter(connection=world.connection, kind=JournalRow.Kind.LOST)
    told = [old for row in rows for old, _winner in row.changes.values()]
    for value in world.case.lost:
        if world.meant(value) not in told:
            yield f"{value!r} was overwritten and the journal does not know it"


def _strangers(world: World) -> Iterator[tuple[str, str, int]]:
    """Living records that are neither in the case nor the partner of one that is."""
    known = set(world.places.values())
    for module in MODULES:
        for link in world.links(module).filter(crm_id__isnull=False, desk_id__isnull=False):
            ends = {("crm", module, link.crm_id), ("desk", module, link.desk_id)}
            known |= ends if ends & known else set()
        here = Record.objects.filter(org=world.org, module__api_name=module.capitalize(), deleted_at=None)
        there = KINDS[module].rows().filter(portal=world.portal, deleted_at=None)
        ids = [("crm", module, one) for one in here.values_list("pk", flat=True)]
        ids += [("desk", module, one) for one in there.values_list("pk", flat=True)]
        yield from (one for one in ids if one not in known)
