"""What a change of owner that a transfer made is called in the timeline."""

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text


def transfer_name(origin: str) -> Text | None:
    return _("handed over with all records") if origin.startswith("transfer:") else None
