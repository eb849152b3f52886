"""What a timeline calls a change that was one of many."""

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text


def mass_action_name(origin: str) -> Text | None:
    kind, colon, number = origin.partition(":")
    return _("Mass change #%(number)s") % {"number": number} if kind == "mass_action" and colon else None
