"""Which of our addresses a mail was meant for."""

from collections.abc import Iterable

from django.db.models import QuerySet

from kakehashi.core.fixed_reads import fixed_read
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.portals.models import Department, Portal

from .models import MailAddress


def own_addresses(portal: Portal) -> frozenset[str]:
    """All addresses of a portal, normalised."""
    return frozenset(_of_portal(portal.pk))


@fixed_read
def _of_portal(portal_id: int) -> QuerySet[MailAddress, str]:
    return MailAddress.objects.filter(portal_id=portal_id).values_list("address_normal", flat=True)


def departments_by_address(portal: Portal) -> dict[str, Department]:
    """All addresses of a portal, normalised, each with the department that its mails are for."""
    rows = MailAddress.objects.filter(portal=portal).select_related("department")
    return {row.address_normal: row.department for row in rows}


def find_addresses(recipients: Iterable[str]) -> list[MailAddress]:
    """Our addresses among these, of whatever portal, in the order given. A tag (name+tag@…) is no part of an address of ours."""
    wanted = list(dict.fromkeys(form for recipient in recipients for form in forms_of(recipient)))
    found = {
        row.address_normal: row
        for row in MailAddress.objects.filter(address_normal__in=wanted).select_related("department", "portal")
    }
    return list({found[form].pk: found[form] for form in wanted if form in found}.values())


def forms_of(recipient: str) -> list[str]:
    """The normalised address, and the one without its tag."""
    normal = normal_email(recipient)
    local, _, domain = normal.rpartition("@")
    plain = local.partition("+")[0]
    return [form for form in dict.fromkeys([normal, f"{plain}@{domain}" if plain and domain else ""]) if form]
