"""What follows from a change of fields for the records that are there already."""

from django.db import transaction

from kakehashi.core.jobs import RETRY, jobs
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.records.belongings import erase_belongings
from kakehashi.crm.records.models import Record

from .renewing import number_existing, renew_all, replace_choices

_AT_ONCE = 500


@jobs.task(name="crm.renew_records", retry=RETRY)
def renew_records(module_id: int) -> None:
    """Formulas, keys, lookups and search words of all records of a module, as its fields say now."""
    module = Module.objects.select_related("org").filter(pk=module_id, is_purged=False).first()
    if module:
        renew_all(module)


@jobs.task(name="crm.number_records", retry=RETRY)
def number_records(field_id: int) -> None:
    """Give records that were there before an auto-number field their numbers, oldest first."""
    field = Field.objects.select_related("module__org").filter(pk=field_id).first()
    if field:
        number_existing(field)


@jobs.task(name="crm.replace_choices", retry=RETRY)
def replace_chosen(field_id: int) -> None:
    """Carry out the replacements that deleted choices of a pick list left behind, then forget the choices."""
    field = Field.objects.select_related("org", "module__org").filter(pk=field_id).first()
    if field:
        replace_choices(field)


@jobs.task(name="crm.purge_removed_module", retry=RETRY)
def purge_removed_module(module_id: int) -> None:
    """Batch by batch; killed and run again, it goes on with what is left."""
    if not Module.objects.filter(pk=module_id, is_purged=True).exists():
        return
    while ids := list(Record.objects.filter(module_id=module_id).values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            erase_belongings(ids)
            Record.objects.filter(pk__in=ids).delete()
    Module.objects.filter(pk=module_id, is_purged=True).delete()
