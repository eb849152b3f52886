"""Finding people by what they sign with. The same address may belong to several; then the name decides, else the latest."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.normalise.email import normal_email
from kakehashi.core.normalise.names import full_name, is_in_eastern_letters, normal_name
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Draft

from .actions import create_contact, written_contacts
from .models import Contact, with_email


def contacts_with_email(portal: Portal, emails: Iterable[str]) -> list[Contact]:
    """Live contacts one of whose addresses is one of these, the most recently changed first."""
    wanted = {normal for email in emails if (normal := normal_email(email))}
    if not wanted:
        return []
    found = Contact.objects.filter(with_email(wanted), portal=portal, deleted_at__isnull=True)
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
    return find_senders(portal, [(sender, actor)])[sender]


def find_senders(portal: Portal, senders: Sequence[tuple[Address, Actor]]) -> dict[Address, Contact]:
    """The same for several. Each new one is made by the one who acts for them; two names at one new address are one person."""
    known = contacts_with_email(portal, [sender.address for sender, _actor in senders])
    found = {sender: _named(sender, known) for sender, _actor in senders}
    new = {normal_email(sender.address): (sender, actor) for sender, actor in reversed(senders) if not found[sender]}
    if new:
        drafts = [Draft(_values_of(sender), actor=actor) for sender, actor in reversed(new.values())]
        known = written_contacts(portal, drafts=drafts, actor=senders[0][1])
    return {sender: contact or _named(sender, known) or known[0] for sender, contact in found.items()}


def _named(sender: Address, contacts: Sequence[Contact]) -> Contact | None:
    address, name = normal_email(sender.address), normal_name(sender.name)
    theirs = [contact for contact in contacts if address in contact.emails_normal]
    return next((contact for contact in theirs if name and name in _names(contact)), theirs[0] if theirs else None)


def _values_of(sender: Address) -> dict[str, str]:
    last_name, first_name = part_name(sender.name)
    return {
        "lastName": (last_name or sender.address.partition("@")[0])[:100],
        "firstName": first_name[:100],
        "email": sender.address,
    }


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
