"""Imports from the text of a file to the last row."""

from dataclasses import replace
from typing import Any

from django.core.files.base import ContentFile

from kakehashi.crm.imports.actions import check_import, choices_of, start_import, undo_import_of, upload_file
from kakehashi.crm.imports.jobs import run_import, undo_import
from kakehashi.crm.imports.models import Import, ImportRow
from kakehashi.crm.imports.running import counts_of
from kakehashi.crm.orgs.access import CrmAccess


def upload_text(access: CrmAccess, text: str, module: str = "Contacts", encoding: str = "cp932") -> Import:
    file = ContentFile(text.encode(encoding), name="名簿.csv")
    return upload_file(access.org, module=access.schema[module], file=file, actor=access.actor)


def check_rows(access: CrmAccess, source: Import, **chosen: Any) -> Import:
    """The dry run, to its end. `chosen`: policy, match_fields, fills_only, or `columns` = {header: {…}}."""
    columns = [
        replace(column, **chosen.get("columns", {}).get(column.header, {})) for column in choices_of(source).columns
    ]
    rest = {name: value for name, value in chosen.items() if name != "columns"}
    choices = replace(choices_of(source), columns=columns, **rest)
    check_import(source, module=access.schema.by_id[source.module_id], choices=choices, actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    return source


def import_text(access: CrmAccess, text: str, module: str = "Contacts", **chosen: Any) -> Import:
    """From the text to the last row; on the way the dry run has to say what then happens."""
    source = start_import(check_rows(access, upload_text(access, text, module), **chosen), actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert source.expected == {**counts_of(source), "named": source.named_count}
    return source


def results_of(source: Import) -> list[tuple[int, str, str]]:
    rows = ImportRow.objects.filter(source=source).order_by("number")
    return [(row.number, row.state, row.reasons[0][1] if row.reasons else "") for row in rows]


def outcome_counts(source: Import) -> tuple[int, int, int, int]:
    assert not source.ambiguous_count
    return source.created_count, source.updated_count, source.skipped_count, source.failed_count


def take_back(access: CrmAccess, source: Import) -> None:
    undo_import_of(source, actor=access.actor)
    undo_import(import_id=source.pk)
    source.refresh_from_db()
