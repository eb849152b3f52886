"""The types a field can have."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldType(models.TextChoices):
    TEXT = "text", _("Single line")
    TEXTAREA = "textarea", _("Multiple lines")
    EMAIL = "email", pgettext_lazy("field type", "E-mail")
    PHONE = "phone", pgettext_lazy("field type", "Phone")
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
    OWNER = "owner", _("User")
    AUTONUMBER = "autonumber", _("Auto-number")
