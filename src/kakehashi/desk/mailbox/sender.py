"""From whom a department's mails come."""

from django.conf import settings

from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.portals.models import Department


def sender_of(department: Department) -> Address:
    """The department's own address, else the installation's."""
    name = department.mail_name or department.name
    return Address(name, department.mail_address or settings.DEFAULT_FROM_EMAIL)


def domain_of_sender(department: Department) -> str:
    return sender_of(department).address.rpartition("@")[2] or "localhost"
