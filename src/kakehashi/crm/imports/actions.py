"""Taking a spreadsheet in, checking it, starting, stopping and taking back its import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.errors import InvalidValues, ProductError, Text
from kakehashi.core.events.log import write_fact
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org

from .columns import FULL_NAME, Column, columns_from_json, holds_several, targets
from .detection import detect_delimiter, detect_encoding, looks_like_heading, refusal_of
from .guessing import guess_columns
from .jobs import run_import, undo_import
from .matching import has_column, match_choices
from .models import Import, ImportRow, ImportState, MatchPolicy, NamedRecord, UndoState
from .past import past_choices
from .reading import count_rows, read_heading, read_samples
from .running import actor_of, counts_of, fact_of, forget_rows, layout_of

SAMPLES = 20  # rows that guesses look at
_MOST_COLUMNS = 300


class ImportHasMoved(ProductError):
    """The import is at another step by now: somebody started, stopped or took it back meanwhile."""

    code = "import_has_moved"
    status = 409

    def __init__(self) -> None:
        super().__init__(_("This import is at another step by now. Look at its page again."))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose on the mapping page."""

    columns: Sequence[Column]
    match_fields: Sequence[str]
    policy: str = MatchPolicy.UPDATE
    fills_only: bool = False


def upload_file(org: Org, *, module: ModuleSchema, file: File[bytes] | None, actor: Actor) -> Import:
    """Store the file first, then look into it and guess what its columns are. Raises `InvalidValues`."""
    if file is None:
        raise InvalidValues({"file": _("Choose a file.")})
    stored = store_attachment(
        tenant=org.tenant, name=file.name or "", content=file, content_type="text/csv", actor=actor
    )
    path = path_of(stored.digest)
    if refusal := refusal_of(path):
        raise InvalidValues({"file": refusal})
    source = Import(
        org=org,
        module_id=module.id,
        file=stored,
        encoding=(encoding := detect_encoding(path)),
        delimiter=detect_delimiter(path, encoding),
        started_by_id=actor.person_id,
        started_by_name=actor.name,
        created_at=clock.now(),
    )
    first = [*read_samples(replace(layout_of(source), has_heading=False), 2), [], []]
    source.has_heading = looks_like_heading(first[0], first[1])
    _look_into(source, module)
    source.save()
    return source


def read_again(source: Import, *, module: ModuleSchema, encoding: str, delimiter: str, has_heading: bool) -> Import:
    """Read the file in other letters, with another separator or without a heading, and guess anew. Raises `InvalidValues`."""
    _require(source, ImportState.MAPPING, ImportState.CHECKED)
    source.encoding, source.delimiter, source.has_heading = encoding, delimiter, has_heading
    _look_into(source, module)
    source.state = ImportState.MAPPING
    source.save()
    return source


def guess_again(source: Import, *, module: ModuleSchema) -> Import:
    """Forget what was chosen for an earlier file like this one."""
    _require(source, ImportState.MAPPING)
    layout = layout_of(source)
    columns = guess_columns(read_heading(layout), read_samples(layout, SAMPLES), module)
    _take(source, Choices(columns, default_match(columns, module)))
    source.save()
    return source


def _look_into(source: Import, module: ModuleSchema) -> None:
    layout = layout_of(source)
    headers = read_heading(layout)
    source.rows_total = count_rows(layout)
    if not headers or source.rows_total == 0 or (layout.has_heading and not any(headers)):
        raise InvalidValues(
            {"file": _("This file holds no rows below a heading. The first row has to name the columns.")}
        )
    if len(headers) > _MOST_COLUMNS:
        raise InvalidValues({"file": _("This file has %(count)s columns; that is no table.") % {"count": len(headers)}})
    columns = guess_columns(headers, read_samples(layout, SAMPLES), module)
    earlier = past_choices(source, headers, module) if layout.has_heading else None
    if earlier:
        _take(source, Choices(earlier.columns, earlier.match_fields, earlier.policy, earlier.fills_only))
    else:
        _take(source, Choices(columns, default_match(columns, module)))


def _take(source: Import, choices: Choices) -> None:
    source.columns = [column.as_json() for column in choices.columns]
    source.match_fields = list(dict.fromkeys(filter(None, choices.match_fields)))
    source.policy, source.fills_only = MatchPolicy(choices.policy), choices.fills_only


def default_match(columns: Sequence[Column], module: ModuleSchema) -> list[str]:
    """The unique field among the columns: e-mail of people, name of accounts, code of products."""
    mapped = {column.field for column in columns}
    unique = (field.api_name for field in module.fields.values() if field.is_unique and field.api_name in mapped)
    return [name for name in (next(unique, ""),) if name]


def keep_choices(source: Import, *, module: ModuleSchema, choices: Choices) -> Import:
    """Remember what was chosen so far, right or not yet."""
    with transaction.atomic():
        source = _locked(source)
        _require(source, ImportState.MAPPING, ImportState.CHECKED)
        _take(source, choices)
        source.state = ImportState.MAPPING
        source.save()
    return source


def check_import(source: Import, *, module: ModuleSchema, choices: Choices, actor: Actor) -> Import:
    """Begin the dry run. Raises `InvalidValues`, by place, when something has still to be chosen."""
    if refusals := refusals_of(choices, module):
        raise InvalidValues(refusals)
    with transaction.atomic():
        source = _locked(source)
        _require(source, ImportState.MAPPING, ImportState.CHECKED)
        _take(source, choices)
        source.started_by_id, source.started_by_name = actor.person_id, actor.name
        _begin(source, ImportState.CHECKING)
    return source


def start_import(source: Import, *, actor: Actor) -> Import:
    """Begin to write what the dry run showed. Pressed twice, it starts once."""
    with transaction.atomic():
        source = _locked(source)
        if source.state in (ImportState.RUNNING, ImportState.FINISHED):
            return source
        _require(source, ImportState.CHECKED)
        source.started_by_id, source.started_by_name = actor.person_id, actor.name
        source.started_at = clock.now()
        _begin(source, ImportState.RUNNING)
        write_fact(fact_of(source, "started", {}), actor_of(source))
    return source


def _begin(source: Import, state: ImportState) -> None:
    forget_rows(source)
    source.state, source.failure, source.began_at, source.began_rows = state, "", clock.now(), 0
    source.save()
    run_import.defer(import_id=source.pk)


def stop_import(source: Import, *, actor: Actor) -> Import:
    """End a dry run, or hold an import where it is; it can go on later. Rows that were written stay written."""
    with transaction.atomic():
        source = _locked(source)
        if source.state == ImportState.CHECKING:
            forget_rows(source)
            source.state = ImportState.MAPPING
        elif source.state == ImportState.RUNNING:
            source.state = ImportState.STOPPED
            write_fact(fact_of(source, "stopped", counts_of(source)), actor)
        source.save()
    return source


def resume_import(source: Import, *, actor: Actor) -> Import:
    """Go on where it was stopped, or where it failed."""
    with transaction.atomic():
        source = _locked(source)
        if source.state == ImportState.RUNNING:
            return source
        _require(source, ImportState.STOPPED, ImportState.FAILED)
        if source.is_half_undone:
            raise ImportHasMoved
        source.started_by_id, source.started_by_name = actor.person_id, actor.name
        source.state, source.failure, source.finished_at = ImportState.RUNNING, "", None
        source.began_at, source.began_rows = clock.now(), source.rows_done
        source.save()
        write_fact(fact_of(source, "resumed", counts_of(source)), actor)
        run_import.defer(import_id=source.pk)
    return source


def undo_import_of(source: Import, *, actor: Actor) -> Import:
    """Begin to take an import back; what was changed since is kept and listed."""
    with transaction.atomic():
        source = _locked(source)
        if source.state == ImportState.UNDOING:
            return source
        _require(source, ImportState.FINISHED, ImportState.STOPPED, ImportState.FAILED)
        _begin_undo(source, actor)
    return source


def undo_changed_too(source: Import, *, actor: Actor) -> Import:
    """After asking: take back also what was changed since the import."""
    with transaction.atomic():
        source = _locked(source)
        _require(source, ImportState.UNDONE)
        ImportRow.objects.filter(source=source, undo=UndoState.KEPT).update(undo="")
        NamedRecord.objects.filter(source=source, undo=UndoState.KEPT).update(undo="")
        source.undo_includes_changed = True
        _begin_undo(source, actor)
    return source


def _begin_undo(source: Import, actor: Actor) -> None:
    source.undone_by_id, source.undone_by_name = actor.person_id, actor.name
    source.state, source.began_at, source.undone_at, source.failure = ImportState.UNDOING, clock.now(), None, ""
    source.save()
    undo_import.defer(import_id=source.pk)


def refusals_of(choices: Choices, module: ModuleSchema) -> Mapping[str, Text]:
    """What has still to be put right, by place: "column-3", "missing-Last_Name", "match_fields"."""
    refusals: dict[str, Text] = {}
    offered, seen = set(targets(module)), set()
    for index, column in enumerate(choices.columns):
        is_taken = column.field in seen and not holds_several(column.field, module)
        if column.field and (is_taken or column.field not in offered):
            refusals[f"column-{index}"] = _("Another column fills this field already.")
        seen.add(column.field)
    if not seen - {""}:
        refusals["mapping"] = _("No column is imported. Say what at least one of them is.")
    for field in missing_fields(choices, module):
        refusals[f"missing-{field}"] = _("This field has to be filled. Choose its column.")
    if choices.policy != MatchPolicy.CREATE:
        mapped = {column.field for column in choices.columns}
        wrong = [key for key in choices.match_fields if not has_column(key, mapped, module)]
        if wrong or not set(choices.match_fields) <= set(match_choices(module)):
            refusals["match_fields"] = _("Choose fields that have a column.")
    return refusals


def missing_fields(choices: Choices, module: ModuleSchema) -> list[str]:
    """Required fields that no column fills."""
    given = {column.field for column in choices.columns}
    given |= {"Last_Name"} if FULL_NAME in given else set()
    return [
        field.api_name
        for field in module.required
        if field.api_name not in given and "default" not in field.options and not field.is_read_only
    ]


def choices_of(source: Import) -> Choices:
    return Choices(columns_from_json(source.columns), source.match_fields, source.policy, source.fills_only)


def _locked(source: Import) -> Import:
    return Import.objects.select_for_update(of=["self"]).select_related("org", "file").get(pk=source.pk)


def _require(source: Import, *states: ImportState) -> None:
    if source.state not in states:
        raise ImportHasMoved
