"""The mail that tells a customer that their request has arrived."""

from django.utils.translation import gettext as _

from kakehashi.desk.customer_pages.footer import page_url
from kakehashi.desk.customer_pages.queries import settings_of
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words


def write_acknowledgement(notice: Notice) -> Words | None:
    """It repeats nothing of what was typed but the subject: the address may be somebody else's."""
    ticket = notice.ticket
    if ticket.deleted_at:
        return None
    links = ((_("Read, answer or close it"), page_url(ticket)),) if settings_of(ticket.department).shows_page else ()
    return Words(
        subject=_("We have received your request: %(subject)s") % {"subject": ticket.subject},
        paragraphs=(
            _("Thank you for writing to %(name)s.") % {"name": ticket.portal.name},
            _("Your request has the number #%(number)s. We will answer as soon as we can.") % {"number": ticket.number},
        ),
        links=links,
        small=_("If you did not write to us, somebody has entered your address by mistake; you need not do anything."),
    )
