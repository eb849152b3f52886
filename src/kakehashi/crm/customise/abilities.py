"""What can be asked of a field, by its type and by whose it is. Pure."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.models import Field, ModuleKind
from kakehashi.crm.modules.standard import OWN_MODULE, STANDARD_MODULES
from kakehashi.crm.modules.standard.definition import StandardField

T = FieldType
UNIQUE_TYPES = (T.TEXT, T.EMAIL, T.PHONE, T.URL, T.INTEGER, T.DECIMAL)
NEVER_REQUIRED = (T.BOOLEAN, T.AUTONUMBER, T.FORMULA)
CHOICE_TYPES = (T.PICKLIST, T.MULTIPICKLIST)
DECIMAL_TYPES = (T.DECIMAL, T.CURRENCY, T.PERCENT)
LOOKUP_TYPES = (T.LOOKUP, T.MULTILOOKUP)
DEFAULT_TYPES = (
    T.TEXT, T.TEXTAREA, T.EMAIL, T.PHONE, T.URL, T.INTEGER, T.DECIMAL, T.CURRENCY, T.PERCENT, T.DATE, T.DATETIME, T.BOOLEAN,
    T.PICKLIST, T.OWNER,
)  # fmt: skip

# From one type to others without losing anything: how the stored value becomes the other, in SQL over `value` (jsonb).
_SAME, _AS_TEXT, _IN_LIST = "value", "to_jsonb(value #>> '{}')", "jsonb_build_array(value)"
CONVERSIONS: Mapping[FieldType, Mapping[FieldType, str]] = {
    T.TEXT: {T.TEXTAREA: _SAME},
    T.EMAIL: {T.TEXT: _SAME},
    T.PHONE: {T.TEXT: _SAME},
    T.URL: {T.TEXTAREA: _SAME},
    T.INTEGER: {T.DECIMAL: _AS_TEXT, T.CURRENCY: _AS_TEXT, T.PERCENT: _AS_TEXT, T.TEXT: _AS_TEXT},
    T.DECIMAL: {T.CURRENCY: _SAME, T.PERCENT: _SAME, T.TEXT: _SAME},
    T.CURRENCY: {T.DECIMAL: _SAME, T.TEXT: _SAME},
    T.PERCENT: {T.DECIMAL: _SAME, T.TEXT: _SAME},
    T.DATE: {T.TEXT: _SAME},
    T.PICKLIST: {T.TEXT: _SAME, T.MULTIPICKLIST: _IN_LIST},
    T.LOOKUP: {T.MULTILOOKUP: _IN_LIST},
    T.AUTONUMBER: {T.TEXT: _SAME},
}


def standard_of(field: Field) -> StandardField | None:
    """How the field is written down, if we made it."""
    module = OWN_MODULE if field.module.kind == ModuleKind.CUSTOM else STANDARD_MODULES[field.module.api_name]
    return None if field.is_custom else module.fields.get(field.api_name)


def has_free_choices(module: str, field: str) -> bool:
    """Whether anybody who may customise adds to the list: the stages of deals have a page of their own, for they know more."""
    return (module, field) not in (("Deals", "Stage"), ("Deals", "Pipeline"))


def names_records(field: Field) -> bool:
    module = OWN_MODULE if field.module.kind == ModuleKind.CUSTOM else STANDARD_MODULES[field.module.api_name]
    return field.api_name in module.name_fields


def is_mandatory(field: Field) -> bool:
    """A record makes no sense without it, whatever an administrator thinks."""
    standard = standard_of(field)
    return bool(standard and standard.is_required)


def may_be_required(field: Field) -> bool:
    standard = standard_of(field)
    is_typed = field.type not in NEVER_REQUIRED and not (standard and standard.is_computed)
    return is_typed and not is_mandatory(field)


def may_be_hidden(field: Field) -> bool:
    return not (field.is_required or names_records(field))


def conversion_refusal(field: Field, to: FieldType) -> Text | None:
    """Why a field cannot become another type; None when it can."""
    if not field.is_custom:
        return _("A standard field keeps its type: lists, search and the Desk rely on it.")
    if to not in CONVERSIONS.get(FieldType(field.type), {}):
        return _("Values of this type cannot become the other without losing something.")
    if field.is_unique and to not in UNIQUE_TYPES:
        return _("Values of the other type cannot be unique. Switch that off first.")
    return None
