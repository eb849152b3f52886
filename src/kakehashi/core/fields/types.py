"""The types a field can have."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldType(models.TextChoices):
    TEXT = "text", _("Single line")
    TEXTAREA = "textarea", _("Multiple lines")
    RICHTEXT = "richtext", _("Rich text")
    EMAIL = "email", pgettext_lazy("field type", "E-mail")
    PHONE = "phone", pgettext_lazy("field type", "Phone")
    EMAILS = "emails", _("Several e-mail addresses")
    PHONES = "phones", _("Several phone numbers")
    URL = "url", _("URL")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    CURRENCY = "currency", _("Currency")
    PERCENT = "percent", _("Percent")
    DATE = "date", pgettext_lazy("field type", "Date")
    DATETIME = "datetime", _("Date and time")
    BOOLEAN = "boolean", _("Check box")
    PICKLIST = "picklist", _("Pick list")
    MULTIPICKLIST = "multipicklist", _("Multi-select pick list")
    LOOKUP = "lookup", _("Lookup")
    MULTILOOKUP = "multilookup", _("Multi-select lookup")
    OWNER = "owner", _("User")
    AUTONUMBER = "autonumber", _("Auto-number")
    FILE = "file", pgettext_lazy("field type", "File")
    IMAGE = "image", pgettext_lazy("field type", "Image")
    FORMULA = "formula", _("Formula")
