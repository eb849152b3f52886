"""Finding people by what they sign with. The same address may belong to several; then the name decides, else the latest."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import is_in_eastern_letters, normal_name
from kakehashi.desk.conversations.addresses import Address
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


def find_sender(portal: Portal, sender: Address, *, actor: Actor) -> Contact:
    """The contact who wrote a mail. Of several who share the address the one with the sender's name, else the one changed last;
    nobody is made anew for an address that somebody has: a name alone may be a company's, or written in other letters.
    """
    found = contacts_with_email(portal, [sender.address])
    if found:
        name = normal_name(sender.name)
        return next((contact for contact in found if name and name in _names(contact)), found[0])
    last_name, first_name = part_name(sender.name)
    values = {
        "lastName": (last_name or sender.address.partition("@")[0])[:100],
        "firstName": first_name[:100],
        "email": sender.address,
    }
    return create_contact(portal, values=values, actor=actor)


def part_name(name: str) -> tuple[str, str]:
    """(last name, first name) of a name as mail programs write it: 田中 太郎, Tanaka, Taro, Taro Tanaka."""
    name = " ".join(name.replace("\u3000", " ").split())
    if "," in name and not is_in_eastern_letters(name):
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    words = name.split(" ")
    if len(words) != 2:
        return name, ""
    return (words[0], words[1]) if is_in_eastern_letters(name) else (words[1], words[0])


def _names(contact: Contact) -> set[str]:
    """Both orders: mail programs do not care which is the family name."""
    other = f"{contact.first_name} {contact.last_name}"
    return {contact.name_normal, normal_name(other), normal_name(f"{contact.last_name} {contact.first_name}")}
