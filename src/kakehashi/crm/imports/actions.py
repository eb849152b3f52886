"""Taking a spreadsheet in, and starting its import."""

from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org

from .detection import detect_delimiter, detect_encoding
from .guessing import FULL_NAME, guess_mapping, targets
from .jobs import run_import
from .models import Import, ImportState, MatchPolicy
from .reading import Layout, count_rows, read_heading


def upload_file(org: Org, *, module: ModuleSchema, file: File[bytes] | None, actor: Actor) -> Import:
    """Store the file first, then look into it and guess what its columns are. Raises `InvalidValues`."""
    if file is None:
        raise InvalidValues({"file": _("Choose a file.")})
    stored = store_attachment(
        tenant=org.tenant, name=file.name or "", content=file, content_type="text/csv", actor=actor
    )
    path = path_of(stored.digest)
    encoding = detect_encoding(path)
    layout = Layout(path, encoding, detect_delimiter(path, encoding))
    headers = read_heading(layout)
    total = count_rows(layout)
    if not any(headers) or total == 0:
        raise InvalidValues(
            {"file": _("This file holds no rows below a heading. The first row has to name the columns.")}
        )
    mapping = guess_mapping(headers, module)
    return Import.objects.create(
        org=org,
        module_id=module.id,
        file=stored,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        mapping=mapping,
        match_field=default_match(mapping, module),
        rows_total=total,
        started_by_id=actor.person_id,
        started_by_name=actor.name,
        created_at=clock.now(),
    )


def default_match(mapping: Sequence[str], module: ModuleSchema) -> str:
    """The unique field among the columns: e-mail of people, name of accounts, code of products."""
    return next(
        (field.api_name for field in module.fields.values() if field.is_unique and field.api_name in mapping), ""
    )


def start_import(
    source: Import,
    *,
    module: ModuleSchema,
    mapping: Sequence[str],
    match_field: str,
    policy: str,
    creates_missing: bool,
    actor: Actor,
) -> Import:
    """Begin to run. Raises `InvalidValues` when a required field has no column or two columns have one field."""
    _check_mapping(mapping, module)
    if match_field and match_field not in mapping:
        raise InvalidValues({"match_field": _("Choose a field that has a column.")})
    with transaction.atomic():
        source = Import.objects.select_for_update().get(pk=source.pk)
        if source.state != ImportState.MAPPING:
            return source
        source.mapping, source.match_field, source.policy = list(mapping), match_field, MatchPolicy(policy)
        source.creates_missing, source.state, source.started_at = creates_missing, ImportState.RUNNING, clock.now()
        source.started_by_id, source.started_by_name = actor.person_id, actor.name
        source.save()
        write_fact(Fact(source.org.tenant, "crm.import.started", "crm.import", source.pk), actor)
        run_import.defer(import_id=source.pk)
    return source


def _check_mapping(mapping: Sequence[str], module: ModuleSchema) -> None:
    chosen = [name for name in mapping if name]
    offered = set(targets(module))
    if any(name not in offered for name in chosen) or len(set(chosen)) < len(chosen):
        raise InvalidValues({"mapping": _("Each field can be filled by one column only.")})
    given = {*chosen, "Last_Name"} if FULL_NAME in chosen else set(chosen)
    missing = [str(field.label) for field in module.required if field.api_name not in given]
    if missing:
        raise InvalidValues({"mapping": _("Say which column is “%(fields)s”.") % {"fields": ", ".join(missing)}})
