"""Who a batch's decisions go to: the database, or nobody (the dry run)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kakehashi.core.actors import Actor
from kakehashi.core.fields.reasons import Reason
from kakehashi.core.fields.registry import KINDS
from kakehashi.crm.customise.choice_actions import add_choices
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.actions import check_records, write_records
from kakehashi.crm.records.derived import unique_keys
from kakehashi.crm.records.drafts import RecordDraft, RecordResult

from .candidates import Candidate
from .choices import with_choices
from .deciding import NOTHING_NEW, Outcome
from .links import Missing, make_named
from .matching import SAME_AS_ROW, digest_of, earlier_rows, keep_keys
from .models import Import, ImportRow, NamedRecord, RowState
from .tagging import put_tags, with_tags

_STATES = {"created": RowState.CREATED, "updated": RowState.UPDATED, "unchanged": RowState.SKIPPED}


class DatabaseWriter:
    """Writes, as the person who started the import."""

    def __init__(self, source: Import, module: ModuleSchema, access: CrmAccess, actor: Actor) -> None:
        self.source, self.module, self._access, self._actor = source, module, access, actor

    def add_choices(self, new: Mapping[str, list[str]]) -> None:
        fields = Field.objects.filter(module_id=self.module.id, api_name__in=new, removed_at=None)
        for field in fields.order_by("pk"):
            add_choices(field, labels=new[field.api_name], actor=self._actor)
        self.source.org.refresh_from_db(fields=["schema_version"])
        self.module = schema_of(self.source.org).by_id[self.module.id]

    def make_named(self, missing: Missing, names: Mapping[str, str]) -> dict[str, int | None]:
        made = make_named(missing, names, self._access, self._actor)
        NamedRecord.objects.bulk_create(
            NamedRecord(source=self.source, module_id=missing.target.id, record_id=record_id, name=names[name][:300])
            for name, record_id in made.items()
        )
        self.source.named_count += len(made)
        return {**made}

    def write(self, candidates: Sequence[Candidate], drafts: Sequence[RecordDraft]) -> list[Outcome]:
        results = write_records(self.module, drafts=drafts, actor=self._actor) if drafts else []
        outcomes = with_tags([judge(one, result) for one, result in zip(candidates, results, strict=True)])
        put_tags(outcomes, self.module, self._actor)
        self._name_rows(outcomes)
        return outcomes

    def _name_rows(self, outcomes: Sequence[Outcome]) -> None:
        """Where a value is taken by a record that this very file made, say which row made it."""
        rows = {outcome.record_id: outcome.candidate.row.number for outcome in outcomes if outcome.record_id}
        failed = [outcome for outcome in outcomes if outcome.state == RowState.FAILED]
        holders = {reason.details.get("record_id") for outcome in failed for reason in outcome.reasons.values()}
        rows |= dict(written_rows(self.source, holders - {None, *rows}))
        for outcome in failed:
            outcome.reasons = {
                name: Reason(SAME_AS_ROW, {"row": row})
                if (row := rows.get(reason.details.get("record_id", 0)))
                else reason
                for name, reason in outcome.reasons.items()
            }


class DryWriter:
    """Says what would be written, and leaves no trace: what the rows of this file would take is kept beside the import until it is started."""

    def __init__(self, source: Import, module: ModuleSchema, actor: Actor) -> None:
        self.source, self.module, self._actor = source, module, actor

    def add_choices(self, new: Mapping[str, list[str]]) -> None:
        self.module = with_choices(self.module, new)

    def make_named(self, missing: Missing, names: Mapping[str, str]) -> dict[str, int | None]:
        digests = {digest_of("named", missing.target.api_name, name): name for name in names}
        known = earlier_rows(self.source, list(digests))
        fresh = [digest for digest in digests if digest not in known]
        keep_keys(self.source, ((digest, 0) for digest in fresh))
        self.source.named_count += len(fresh)
        return dict.fromkeys(names)

    def write(self, candidates: Sequence[Candidate], drafts: Sequence[RecordDraft]) -> list[Outcome]:
        results = check_records(self.module, drafts=drafts, actor=self._actor) if drafts else []
        judged = [_with_named(judge(one, result)) for one, result in zip(candidates, results, strict=True)]
        outcomes = with_tags(judged)
        for outcome in outcomes:
            outcome.reasons = {name: _row_of(reason, candidates) for name, reason in outcome.reasons.items()}
        self._claim(outcomes, drafts)
        return outcomes

    def _claim(self, outcomes: Sequence[Outcome], drafts: Sequence[RecordDraft]) -> None:
        """Unique values belong to the first row of the file that has them, as they will when it is written."""
        claims = {
            outcome.candidate: [digest_of("unique", *key) for key in _claimed(outcome, draft, self.module)]
            for outcome, draft in zip(outcomes, drafts, strict=True)
        }
        taken = earlier_rows(self.source, [digest for digests in claims.values() for digest in digests])
        kept: list[tuple[int, int]] = []
        for outcome in outcomes:
            row = next((taken[digest] for digest in claims[outcome.candidate] if digest in taken), None)
            if row is not None:
                outcome.state, outcome.reasons = RowState.FAILED, {"": Reason(SAME_AS_ROW, {"row": row})}
            else:
                number = outcome.candidate.row.number
                kept += [(digest, number) for digest in claims[outcome.candidate]]
        keep_keys(self.source, kept)


def judge(one: Candidate, result: RecordResult) -> Outcome:
    if result.state not in _STATES:
        return Outcome(one, RowState.FAILED, result.reasons)
    record = result.record
    reasons = one.remarks or ({"": NOTHING_NEW} if result.state == "unchanged" else {})
    return Outcome(
        one,
        _STATES[result.state],
        reasons,
        record.pk if record else None,
        record.version if record else None,
        result.changes if result.state == "updated" else None,
    )


def written_rows(source: Import, record_ids: Iterable[int | None]) -> list[tuple[int, int]]:
    """(record, row) for records that this import has written."""
    wanted = [one for one in record_ids if one]
    found = ImportRow.objects.filter(source=source, record_id__in=wanted) if wanted else ()
    return [(row.record_id, row.number) for row in found if row.record_id]


def _with_named(outcome: Outcome) -> Outcome:
    """Records that would be made have no id to be compared; the field changes to their name."""
    named = outcome.candidate.named
    if not named or outcome.state == RowState.CREATED:
        return outcome
    only_missing = set(outcome.reasons) <= set(named)
    if outcome.state == RowState.FAILED and not only_missing:
        return outcome
    changes = {**(outcome.changes or {}), **{name: [None, shown] for name, shown in named.items()}}
    state = RowState.UPDATED if outcome.candidate.record_id else RowState.CREATED
    return replace(outcome, state=state, reasons=outcome.candidate.remarks, changes=changes)


def _row_of(reason: Reason, candidates: Sequence[Candidate]) -> Reason:
    """A value taken by another row of the batch: `check_records` numbers new records -1, -2 …"""
    number = reason.details.get("record_id", 0)
    return Reason(SAME_AS_ROW, {"row": candidates[-number - 1].row.number}) if number < 0 else reason


def _claimed(outcome: Outcome, draft: RecordDraft, module: ModuleSchema) -> list[tuple[str, str]]:
    if outcome.state == RowState.CREATED:
        values = draft.values
    elif outcome.state == RowState.UPDATED and outcome.changes:
        values = {name: new for name, (_old, new) in outcome.changes.items()}
    else:
        return []
    unique = {field.api_name: field for field in module.unique}
    given = {name: value for name, value in values.items() if name in unique and value is not None}
    return list(
        unique_keys({name: KINDS[unique[name].type].clean(given[name], unique[name]) for name in given}, module)
    )
