"""Is what was handed in fit to be stored? First each draft by itself, then all of them against the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from kakehashi.core.attachments.models import Attachment
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.reasons import NO_SUCH_FIELD, READ_ONLY, REQUIRED, Reason, ValueRefused
from kakehashi.core.fields.registry import KINDS
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.deals.rules import closes_deal, follow_stage, is_asked_for
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Membership

from .derived import name_of, unique_keys
from .drafts import RecordDraft, WriteState
from .models import Record, RecordKey
from .writer import Writer

NO_FILE = Reason(gettext_noop("Choose a file."))
NOT_THERE = Reason(gettext_noop("The chosen entry does not exist any more."))
NOT_A_MEMBER = Reason(gettext_noop("The chosen person is not a member of this organisation."))
TAKEN = gettext_noop("“%(name)s” already has this value.")
TAKEN_OUT_OF_SIGHT = gettext_noop("A record that you cannot see already has this value.")


@dataclass(slots=True)
class Work:
    """A draft on its way: what it was, what it will be, and what is wrong with it."""

    draft: RecordDraft
    before: Record | None = None
    cleaned: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    owner_id: int | None = None
    record_id: int = 0
    reasons: dict[str, Reason] = field(default_factory=dict)
    state: WriteState | None = None  # set when nothing is left to write
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state is None

    def refuse_if_wrong(self) -> None:
        if self.reasons and self.state is None:
            self.state = "refused"


def clean_draft(work: Work, module: ModuleSchema, defaults: Mapping[str, Any], writer: Writer) -> None:
    """Fill `cleaned`, `values`, `owner_id` and `reasons` from the draft and the record as it was; a new one begins as `defaults`.
    What is required is required of who can fill it in: a field hidden by a profile does not keep its people from working.
    """
    for name, value in work.draft.values.items():
        schema = module.fields.get(name)
        if schema is None:
            work.reasons[name] = NO_SUCH_FIELD
            continue
        try:
            work.cleaned[name] = KINDS[schema.type].clean(value, schema)
        except ValueRefused as refused:
            work.reasons[name] = refused.reason
    _merge(work, module, defaults)
    follow_stage(work.values, work.before.values if work.before else {}, work.cleaned, module)
    for schema in module.required:
        if schema.api_name in work.reasons or work.values.get(schema.api_name) is not None:
            continue
        is_due = (
            work.before is None or schema.api_name in work.cleaned or closes_deal(work.values, work.cleaned, module)
        )
        is_due = is_due and is_asked_for(schema.api_name, work.values, module)
        if is_due and (schema.api_name in work.cleaned or writer.may_fill(module, schema.api_name)):
            work.reasons[schema.api_name] = REQUIRED
    work.refuse_if_wrong()


def _merge(work: Work, module: ModuleSchema, defaults: Mapping[str, Any]) -> None:
    before = work.before
    work.values = dict(before.values if before else defaults)
    for name, value in work.cleaned.items():
        if module.fields[name].is_read_only and value != work.values.get(name):
            work.reasons[name] = READ_ONLY
        elif value is None:
            work.values.pop(name, None)
        else:
            work.values[name] = value
    work.owner_id = before.owner_id if before else work.draft.owner_id
    if "Owner" in work.cleaned:
        work.owner_id = work.cleaned["Owner"]
        work.values.pop("Owner", None)


def check_links(works: Sequence[Work], module: ModuleSchema) -> None:
    """Lookups must name live records of the right module of this org, owners its members."""
    open_works = [work for work in works if work.is_open]
    for lookup in module.links:
        wanted = {target for work in open_works for target in _new_links(work, lookup)}
        if not wanted:
            continue
        there = _live_ids(wanted, lookup.lookup_module, module)
        for work in open_works:
            if any(target not in there for target in _new_links(work, lookup)):
                work.reasons[lookup.api_name] = NOT_THERE
    _check_people(open_works, module)
    _check_files(open_works, module)
    for work in open_works:
        work.refuse_if_wrong()


def _new_links(work: Work, lookup: FieldSchema) -> list[int]:
    """Of several, those that stand there already may have been deleted meanwhile: they are kept, and come back when restored."""
    wanted = ticket_ids(work.cleaned.get(lookup.api_name))
    if lookup.type == FieldType.LOOKUP or work.before is None:
        return wanted
    kept = ticket_ids(work.before.values.get(lookup.api_name))
    return [target for target in wanted if target not in kept]


def _check_files(works: Sequence[Work], module: ModuleSchema) -> None:
    """A file must be one of this org's."""
    names = [field.api_name for field in module.fields_of(FieldType.FILE, FieldType.IMAGE)]
    wanted = {work.cleaned[name]["id"] for work in works for name in names if work.cleaned.get(name)}
    if not wanted:
        return
    with transaction.atomic():  # held until the record is written: see core.attachments.sweeping
        rows = Attachment.objects.select_for_update(no_key=True).filter(pk__in=wanted, tenant=f"org:{module.org_id}")
        there = set(rows.order_by("pk").values_list("pk", flat=True))
    for work in works:
        for name in names:
            if (file := work.cleaned.get(name)) and file["id"] not in there:
                work.reasons[name] = NO_FILE


def _live_ids(ids: Iterable[int], module_name: str, module: ModuleSchema) -> set[int]:
    return set(
        Record.objects.filter(
            pk__among=ids, org_id=module.org_id, module__api_name=module_name, deleted_at=None
        ).values_list("pk", flat=True)
    )


def _check_people(works: Sequence[Work], module: ModuleSchema) -> None:
    names = [field.api_name for field in module.fields_of(FieldType.OWNER)]
    wanted = {work.cleaned[name] for work in works for name in names if work.cleaned.get(name)}
    if not wanted:
        return
    members = set(
        Membership.objects.filter(org_id=module.org_id, person_id__in=wanted, is_active=True).values_list(
            "person_id", flat=True
        )
    )
    for work in works:
        for name in names:
            person = work.cleaned.get(name)
            kept = work.before is not None and name == "Owner" and person == work.before.owner_id
            if person and person not in members and not kept:
                work.reasons[name] = NOT_A_MEMBER


def check_unique(works: Sequence[Work], module: ModuleSchema, writer: Writer) -> None:
    """Refuse a value that another live record has, or an earlier draft of the same batch, and say whose it is to who may see it."""
    claims: dict[tuple[str, str], list[Work]] = {}
    for work in works:
        if work.is_open:
            for key in _new_unique_keys(work, module):
                claims.setdefault(key, []).append(work)
    taken = _taken(claims, module)
    closed = writer.closed({record_id for record_id, _name in taken.values()}) if taken else frozenset()
    for key, claimants in claims.items():
        _let_one_have(key, claimants, taken.get(key), module, closed)
    for work in works:
        work.refuse_if_wrong()


def check_origins(works: Sequence[Work], module: ModuleSchema) -> None:
    """One record per origin, in the recycle bin too: a retry must find the first attempt, not make another."""
    keys = [work.draft.origin_key for work in works if work.is_open and work.draft.origin_key]
    if not keys:
        return
    rows = Record.objects.filter(org_id=module.org_id, origin_key__among=keys).values_list("origin_key", "pk", "name")
    holders = {key: (record_id, name) for key, record_id, name in rows}
    for work in works:
        if not (work.is_open and work.draft.origin_key) or work.before:
            continue
        record_id, name = holders.setdefault(work.draft.origin_key, (work.record_id, ""))
        if record_id != work.record_id:
            work.reasons["origin_key"] = Reason(TAKEN, {"name": name, "record_id": record_id})
        work.refuse_if_wrong()


def _let_one_have(
    key: tuple[str, str],
    claimants: Sequence[Work],
    holder: tuple[int, str] | None,
    module: ModuleSchema,
    closed: Collection[int],
) -> None:
    for work in claimants:
        if holder and holder[0] != work.record_id:
            work.reasons[key[0]] = _taken_by(holder, closed)
        elif holder is None and not work.reasons:
            holder = (work.record_id, name_of(work.values, module))


def _taken_by(holder: tuple[int, str], closed: Collection[int]) -> Reason:
    record_id, name = holder
    if record_id in closed:
        return Reason(TAKEN_OUT_OF_SIGHT, {"record_id": record_id})
    return Reason(TAKEN, {"name": name, "record_id": record_id})


def _new_unique_keys(work: Work, module: ModuleSchema) -> Iterable[tuple[str, str]]:
    old = set(unique_keys(work.before.values, module)) if work.before else set()
    return [key for key in unique_keys(work.values, module) if key not in old]


def _taken(claims: Mapping[tuple[str, str], Any], module: ModuleSchema) -> dict[tuple[str, str], tuple[int, str]]:
    by_field: dict[str, list[str]] = {}
    for name, value in claims:
        by_field.setdefault(name, []).append(value)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for name, values in by_field.items():
        rows = RecordKey.objects.filter(
            org_id=module.org_id, module_id=module.id, field=name, value__among=values, is_unique=True
        ).values_list("value", "record_id", "record__name")
        found |= {(name, value): (record_id, record_name) for value, record_id, record_name in rows}
    return found
