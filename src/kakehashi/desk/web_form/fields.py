"""The fields that a form may show besides e-mail address and description, which every one has, and their order."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.desk.portals.models import Department
from kakehashi.desk.ticket_fields.queries import shown_fields

from .models import FieldUse, WebForm

OPTIONAL_FIELDS: Mapping[str, tuple[Text, FieldUse]] = {
    "name": (_("Name"), FieldUse.REQUIRED),
    "subject": (_("Subject"), FieldUse.REQUIRED),
    "phone": (_("Phone"), FieldUse.OPTIONAL),
    "category": (_("Category"), FieldUse.OFF),
    "attachments": (_("Attachments"), FieldUse.OPTIONAL),
}
"""Label, and how a new form uses it."""

ALWAYS: Mapping[str, Text] = {"email": _("E-mail address"), "description": _("Your request")}
_BEFORE, _AFTER = ("name", "email", "phone", "category", "subject"), ("description", "attachments")


@dataclass(frozen=True, slots=True)
class FormField:
    """`schema` is that of a field of the portal's own. E-mail address and description are always asked for."""

    name: str
    label: Text
    use: FieldUse
    schema: FieldSchema | None = None

    @property
    def is_always_there(self) -> bool:
        return self.name in ALWAYS


def fields_of(form: WebForm, department: Department) -> list[FormField]:
    """All that the form may show, in its order: the usual ones, and the portal's own that tickets of the department show."""
    own = {one.name: one.schema for one in shown_fields(department.portal, department) if one.schema}
    known = [*_BEFORE, *own, *_AFTER]
    order = [name for name in form.order if name in known]
    return [_field(form, name, own.get(name)) for name in [*order, *(name for name in known if name not in order)]]


def _field(form: WebForm, name: str, schema: FieldSchema | None) -> FormField:
    if name in ALWAYS:
        return FormField(name, ALWAYS[name], FieldUse.REQUIRED)
    label, default = (schema.label, FieldUse.OFF) if schema else OPTIONAL_FIELDS[name]
    return FormField(name, label, FieldUse(form.fields.get(name, default)), schema)
