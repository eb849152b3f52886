"""Finding people by what they sign with. The same address may belong to several; then the name decides, else the latest."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.desk.portals.models import Portal

from .actions import create_contact
from .models import Contact, full_name


def contacts_with_email(portal: Portal, emails: Iterable[str]) -> list[Contact]:
    """Live contacts whose first or secondary address is one of these, the most recently changed first."""
    wanted = {normal for email in emails if (normal := normal_email(email))}
    if not wanted:
        return []
    found = Contact.objects.filter(
        Q(email_normal__in=wanted) | Q(secondary_email_normal__in=wanted), portal=portal, deleted_at__isnull=True
    )
    return list(found.select_related("account").defer("search").order_by("-modified_at", "-id"))


def find_or_create_contact(
    portal: Portal, *, email: str, last_name: str = "", first_name: str = "", actor: Actor
) -> Contact:
    """The contact with this address (and name, where several share it), else a new one. Raises `InvalidValues`."""
    if email and not normal_email(email):
        raise InvalidValues({"email": _("This is not an e-mail address.")})
    found = contacts_with_email(portal, [email])
    name = normal_name(full_name(last_name, first_name))
    same_name = [contact for contact in found if contact.name_normal == name]
    if same_name or (found and not name):
        return (same_name or found)[0]
    values = {"lastName": last_name or email.partition("@")[0], "firstName": first_name, "email": email}
    return create_contact(portal, values=values, actor=actor)
