"""By what a list is sorted when its order is not a column of the table."""

from decimal import Decimal

from django.db.models import DecimalField, Func, TextField, Value
from django.db.models.functions import Coalesce

from kakehashi.core.fields.registry import KINDS
from kakehashi.core.filters.sql import number_of, text_of
from kakehashi.crm.modules.schema import ModuleSchema


def sort_key(module: ModuleSchema, key: str) -> Coalesce:
    if is_number_sort(module, key):
        number = DecimalField(max_digits=30, decimal_places=6)
        return Coalesce(number_of(key), Value(Decimal(-(10**18)), output_field=number), output_field=number)
    return Coalesce(Func(text_of(key), function="lower", output_field=TextField()), Value(""), output_field=TextField())


def is_number_sort(module: ModuleSchema, key: str) -> bool:
    return KINDS[module.fields[key].stored_type].is_number
