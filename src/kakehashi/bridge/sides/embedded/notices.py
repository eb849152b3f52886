"""Notices of the Desk that only the bridge has reason to write."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.desk.notices.models import Notice
from kakehashi.desk.notices.words import Words, public_address


def write_answer(notice: Notice) -> Words | None:
    """Somebody answered the reader's question to the owner of the customer. Nothing where the ticket lies in the recycle bin."""
    ticket, data = notice.ticket, notice.data
    if ticket.deleted_at:
        return None
    named = {"name": data["by"], "number": ticket.number, "subject": ticket.subject}
    return Words(
        subject=_("%(name)s answered your question: %(subject)s") % named,
        paragraphs=(
            _("%(name)s answered your question on #%(number)s %(subject)s:") % named,
            data["text"],
            _("You had asked: %(question)s") % {"question": data["question"]},
        ),
        links=((_("Open the ticket"), public_address(reverse("desk_ticket", args=[ticket.portal_id, ticket.pk]))),),
        small=_("Your answer to this mail becomes an internal comment on the ticket."),
    )
