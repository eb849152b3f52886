"""Which types a ticket's own field can have: what a person can fill in without leaving the ticket."""

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.fields.types import FieldType as T

TYPES: dict[T, Text] = {
    T.TEXT: _("One line of words, up to 255 letters"),
    T.TEXTAREA: _("Several lines of plain words"),
    T.PICKLIST: _("One of several choices"),
    T.MULTIPICKLIST: _("Any number of choices"),
    T.BOOLEAN: _("Yes or no"),
    T.INTEGER: _("1, 20, 300"),
    T.DECIMAL: _("Numbers with decimal places"),
    T.PERCENT: _("A share, shown with %"),
    T.DATE: _("A day"),
    T.DATETIME: _("A day and a time"),
    T.EMAIL: _("An e-mail address"),
    T.PHONE: _("A phone number"),
    T.URL: _("A web address that can be opened"),
}
WITH_CHOICES = (T.PICKLIST, T.MULTIPICKLIST)
