"""The mail that asks a customer for a rating."""

from django.utils.translation import gettext as _

from kakehashi.desk.customer_pages.footer import rating_line
from kakehashi.desk.customer_pages.models import RatingRequest
from kakehashi.desk.customer_pages.queries import settings_of
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words


def write_rating_request(notice: Notice) -> Words | None:
    """Nothing where the ticket was opened again or rated, or where the department asks no more."""
    ticket = notice.ticket
    if ticket.closed_at is None or ticket.deleted_at or ticket.rating:
        return None
    if settings_of(ticket.department).ratings != RatingRequest.CLOSING:
        return None
    question, links = rating_line(ticket)
    return Words(
        subject=_("How was our help? – %(subject)s") % {"subject": ticket.subject},
        paragraphs=(
            _("Your request “%(subject)s” has been closed.") % {"subject": ticket.subject},
            question,
            _("One click is enough; a comment is welcome."),
        ),
        links=tuple(links),
        small=_("If anything is still open, simply answer this mail."),
    )
