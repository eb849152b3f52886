"""How links are told in the timelines of both sides."""

from django.utils.translation import gettext, gettext_lazy

DEAL_SENTENCES = {
    "ticket_linked": ("link", gettext_lazy("{person} linked the ticket {about}")),
    "ticket_unlinked": ("unlink", gettext_lazy("{person} unlinked the ticket {about}")),
}
TICKET_SENTENCES = {
    "deal_linked": ("link", lambda: gettext("<b>{who}</b> linked this to a deal")),
    "deal_unlinked": ("unlink", lambda: gettext("<b>{who}</b> unlinked this from a deal")),
}
