"""What a side raises when it cannot do its part."""

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import ProductError


class SideIsAway(ProductError):
    """The product at the other end of the seam does not answer, or not in time. Whoever asked has lost nothing and may ask again."""

    code = "side_is_away"
    status = 503
    message = _("The Desk does not answer just now. Nothing you typed is lost: try again in a moment.")
