"""What a timeline calls a change that came with a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text


def import_name(origin: str) -> Text | None:
    kind, colon, number = origin.partition(":")
    return _("Import #%(number)s") % {"number": number} if kind == "import" and colon else None
