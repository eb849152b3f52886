"""Fields that go out of sight, and come back: hidden, removed, purged."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.crm.modules.models import Field
from kakehashi.crm.records.models import RecordKey, RecordLookup

from .abilities import (
    is_mandatory,
    may_be_hidden,
    names_records,
)
from .fields import WORDS, said, save_field
from .jobs import renew_records
from .locking import changed, locked_field, tell
from .standing import repeated_ids
from .uniqueness import build_keys, drop_keys


class FieldStays(ProductError):
    code = "field_stays"
    status = 422
    message = _("A standard field cannot be removed. Hide it instead.")


@transaction.atomic
def hide_field(field: Field, *, actor: Actor) -> Field:
    """Out of forms, record pages and lists; values stay and can still be imported. Raises `InvalidValues`."""
    field = locked_field(field)
    if not may_be_hidden(field):
        raise InvalidValues({"is_hidden": _("A required field cannot be hidden: nobody could fill it in.")})
    return save_field(field, changed(field, {"is_hidden": True}, WORDS), actor)


@transaction.atomic
def show_field(field: Field, *, actor: Actor) -> Field:
    field = locked_field(field)
    return save_field(field, changed(field, {"is_hidden": False}, WORDS), actor)


@transaction.atomic
def remove_field(field: Field, *, actor: Actor) -> Field:
    """It goes from every page, and its rules with it; the values stay in the records. Raises `FieldStays`."""
    field = locked_field(field)
    if not field.is_custom or names_records(field) or is_mandatory(field):
        raise FieldStays
    if field.removed_at is None:
        field.removed_at = clock.now()
        field.version += 1
        field.save(update_fields=["removed_at", "version"])
        drop_keys(field)
        tell(field, "removed", actor, label=said(field))
        renew_records.defer(module_id=field.module_id)
    return field


@transaction.atomic
def put_back_field(field: Field, *, actor: Actor) -> Field:
    """With all its values. If they are not unique any more, the field is not either, until somebody settles it."""
    field = locked_field(field)
    if field.removed_at is None:
        return field
    field.removed_at = None
    if field.is_unique and repeated_ids(field):
        field.is_unique = False
    field.version += 1
    field.save(update_fields=["removed_at", "version", "is_unique"])
    build_keys(field)
    tell(field, "restored", actor, label=said(field))
    renew_records.defer(module_id=field.module_id)
    return field


@transaction.atomic
def purge_field(field: Field, *, actor: Actor) -> None:
    """For ever: a removed field and what every record holds in it."""
    field = locked_field(field)
    if field.removed_at is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE crm_record SET "values" = "values" - %s WHERE module_id = %s AND "values" ? %s',
            [field.api_name, field.module_id, field.api_name],
        )
    RecordKey.objects.filter(module_id=field.module_id, field=field.api_name).delete()
    RecordLookup.objects.filter(module_id=field.module_id, field=field.api_name).delete()
    tell(field, "purged", actor, label=said(field))
    Field.objects.filter(pk=field.pk).delete()
