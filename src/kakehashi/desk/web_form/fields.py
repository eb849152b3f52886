"""The fields that a form may show besides e-mail address and description, which every one has."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text

from .models import FieldUse, WebForm

OPTIONAL_FIELDS: Mapping[str, tuple[Text, FieldUse]] = {
    "name": (_("Name"), FieldUse.REQUIRED),
    "subject": (_("Subject"), FieldUse.REQUIRED),
    "phone": (_("Phone"), FieldUse.OPTIONAL),
    "category": (_("Category"), FieldUse.OFF),
    "attachments": (_("Attachments"), FieldUse.OPTIONAL),
}
"""Label, and how a new form uses it."""


def use_of(form: WebForm, name: str) -> FieldUse:
    return FieldUse(form.fields.get(name, OPTIONAL_FIELDS[name][1]))
