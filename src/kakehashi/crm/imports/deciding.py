"""What becomes of a batch of rows. The dry run and the run take the same way; only who writes differs (`writers.py`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import Reason
from kakehashi.core.normalise.names import normal_name
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record

from .candidates import Candidate, RowReader, refuse_wrong_values
from .choices import resolve_choices
from .columns import RECORD_ID, Column
from .links import NOT_MADE, Missing, resolve_links, resolve_people
from .matching import SAME_AS_ROW, find_matches, record_digest
from .models import Import, MatchPolicy, RowState
from .reading import Row

EMPTY_ROW = Reason(gettext_noop("This row is empty."))
IS_THERE = gettext_noop("“%(name)s” is there already.")
NOTHING_NEW = Reason(gettext_noop("The record says the same already."))
MAY_NOT_CREATE = Reason(gettext_noop("You may not create records here, and no record matches this row."))


@dataclass(slots=True)
class Outcome:
    """What becomes of one row. `changes`: field -> [old, new] of an update."""

    candidate: Candidate
    state: RowState
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    record_id: int | None = None
    version: int | None = None
    changes: Mapping[str, list[Any]] | None = None


class Writer(Protocol):
    """Who writes, or only says what would be written."""

    module: ModuleSchema

    def add_choices(self, new: Mapping[str, list[str]]) -> None: ...

    def make_named(self, missing: Missing, names: Mapping[str, str]) -> dict[str, int | None]:
        """Ids by normalised name; None for one that would be made."""
        ...

    def write(self, candidates: Sequence[Candidate], drafts: Sequence[RecordDraft]) -> list[Outcome]: ...


def decide(
    source: Import, columns: Sequence[Column], batch: Sequence[Row], writer: Writer, access: CrmAccess
) -> list[Outcome]:
    """One outcome per row, in the order of the rows."""
    reader = RowReader(columns, writer.module)
    candidates = [reader.read(row) for row in batch]
    outcomes = [Outcome(one, RowState.SKIPPED, {"": EMPTY_ROW}) for one in candidates if one.is_empty]
    candidates = [one for one in candidates if not one.is_empty]
    if new := resolve_choices(candidates, columns, writer.module):
        writer.add_choices(new)
    resolve_people(candidates, columns, writer.module)
    missing = resolve_links(candidates, columns, writer.module, access)
    find_matches(candidates, source, writer.module, access)
    if source.policy == MatchPolicy.UPDATE and source.fills_only:
        _keep_filled_fields(candidates)
    _refuse_new_ones(candidates, source, writer.module, access)
    outcomes += _settle(source, candidates)
    waiting = [
        one for one in candidates if not one.reasons and not (one.record_id and source.policy == MatchPolicy.SKIP)
    ]
    while waiting:  # a row that repeats one which failed gets its own chance
        first, repeats = _first_of_each(waiting)
        written = list(_write(source, first, missing, writer))
        outcomes += written
        waiting, told = _settle_repeats(repeats, written)
        outcomes += told
    return sorted(outcomes, key=lambda outcome: outcome.candidate.row.number)


def _keep_filled_fields(candidates: Sequence[Candidate]) -> None:
    ids = [one.record_id for one in candidates if one.record_id]
    records = Record.objects.filter(pk__in=ids).only("values", "owner_id").in_bulk()
    for one in candidates:
        record = records.get(one.record_id or 0)
        if record:
            filled = {*record.values, *(["Owner"] if record.owner_id else [])}
            one.values = {name: value for name, value in one.values.items() if name not in filled}
            one.named = {name: shown for name, shown in one.named.items() if name not in filled}


def _refuse_new_ones(candidates: Sequence[Candidate], source: Import, module: ModuleSchema, access: CrmAccess) -> None:
    if access.may("create_records", module):
        return
    for one in candidates:
        if not one.reasons and (one.record_id is None or source.policy == MatchPolicy.CREATE):
            one.reasons[""] = MAY_NOT_CREATE


def _settle(source: Import, candidates: Sequence[Candidate]) -> Iterator[Outcome]:
    """Answer the rows that will not be written."""
    for one in candidates:
        if one.reasons:
            yield Outcome(one, _state_of(one), one.reasons)
        elif one.record_id and source.policy == MatchPolicy.SKIP:
            name = next((str(one.values[key])[:80] for key in source.match_fields if key in one.values), "")
            reason = Reason(IS_THERE, {"name": name, "record_id": one.record_id})
            yield Outcome(one, RowState.SKIPPED, {"": reason}, one.record_id)


def _state_of(one: Candidate) -> RowState:
    if one.is_ambiguous:
        return RowState.AMBIGUOUS
    is_repeat = any(reason.text == SAME_AS_ROW for reason in one.reasons.values())
    return RowState.SKIPPED if is_repeat else RowState.FAILED


def _first_of_each(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, Candidate]]]:
    """(the first row of each key, the rows that repeat one with the row that they repeat)."""
    seen: dict[int, Candidate] = {}
    first: list[Candidate] = []
    repeats: list[tuple[Candidate, Candidate]] = []
    for one in candidates:
        digests = _digests(one)
        before = next((seen[digest] for digest in digests if digest in seen), None)
        if before is None:
            first.append(one)
            seen |= dict.fromkeys(digests, one)
        else:
            repeats.append((one, before))
    return first, repeats


def _digests(one: Candidate) -> list[int]:
    return [*one.keys, *([record_digest(one.record_id)] if one.record_id else [])]


def keys_of_row(outcome: Outcome) -> list[int]:
    """What later rows of the file are compared with, of a row that was taken."""
    is_taken = outcome.state in (RowState.CREATED, RowState.UPDATED) or outcome.version is not None
    return list(dict.fromkeys(_digests(outcome.candidate))) if is_taken else []


def _settle_repeats(
    repeats: Sequence[tuple[Candidate, Candidate]], written: Sequence[Outcome]
) -> tuple[list[Candidate], list[Outcome]]:
    """(rows to try after all, rows that say the same as one that was taken)."""
    failed = {outcome.candidate for outcome in written if outcome.state == RowState.FAILED}
    again = [one for one, before in repeats if before in failed]
    told = [
        Outcome(one, RowState.SKIPPED, {"": Reason(SAME_AS_ROW, {"row": before.row.number})})
        for one, before in repeats
        if before not in failed
    ]
    return again, told


def _write(
    source: Import, candidates: Sequence[Candidate], missing: Sequence[Missing], writer: Writer
) -> Iterator[Outcome]:
    for one in candidates:
        if one.named:
            refuse_wrong_values(one, writer.module, one.values)
    for column in missing:
        _put_named(candidates, column, writer)
    yield from (Outcome(one, RowState.FAILED, one.reasons) for one in candidates if one.reasons)
    ready = [one for one in candidates if not one.reasons]
    is_updating = source.policy == MatchPolicy.UPDATE
    drafts = [
        RecordDraft(
            {name: value for name, value in one.values.items() if name != RECORD_ID},
            record_id=one.record_id if is_updating else None,
        )
        for one in ready
    ]
    yield from writer.write(ready, drafts)


def _put_named(candidates: Sequence[Candidate], missing: Missing, writer: Writer) -> None:
    """Make what these rows name, and put its id in place of the name."""
    name = missing.lookup.api_name
    asking = [one for one in candidates if name in one.named and not one.reasons]
    names = {normal_name(one.named[name]): one.named[name] for one in asking}
    made = writer.make_named(missing, names) if names else {}
    for one in asking:
        key = normal_name(one.named[name])
        if key not in made:
            one.reasons[name] = Reason(NOT_MADE, {"name": one.named[name][:80]})
        elif (record_id := made[key]) is not None:
            one.values[name] = record_id
            del one.named[name]
