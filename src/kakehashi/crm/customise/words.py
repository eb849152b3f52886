"""What the audit log calls the things that change about modules and fields: keys of events' data, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text

LABELS: Mapping[str, Text] = {
    "Name of one record": _("Name of one record"),
    "Name of the module": _("Name of the module"),
    "Icon": _("Icon"),
    "Shown as a tab": _("Shown as a tab"),
    "Order": _("Order"),
    "Label": _("Label"),
    "Help text": _("Help text"),
    "Required": _("Required"),
    "Unique": _("Unique"),
    "Hidden": _("Hidden"),
    "Section": _("Section"),
    "Sections": _("Sections"),
    "Type": _("Type"),
    "type": _("Type"),
    "choices": _("Choices"),
    "default": _("A new record begins with"),
    "decimals": _("Decimal places"),
    "max_length": _("Longest text, in letters"),
    "expression": _("Formula"),
    "prefix": _("Before the number"),
    "suffix": _("After the number"),
    "digits": _("Digits"),
    "lookup": _("Leads to"),
}
