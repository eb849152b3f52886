"""From whom a department's mails come, and where answers to them go."""

from django.conf import settings

from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.portals.models import Department


def sender_of(department: Department) -> Address:
    """The address that the department answers from, else the installation's."""
    own = department.answers_from
    if own is None:
        return Address(department.name, settings.DEFAULT_FROM_EMAIL)
    return Address(own.name or department.name, own.address)


def domain_of_sender(department: Department) -> str:
    return sender_of(department).address.rpartition("@")[2] or "localhost"
