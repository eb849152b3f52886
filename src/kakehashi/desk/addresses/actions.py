"""Giving departments their addresses."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.portals.models import Department
from kakehashi.desk.portals.rights import require

from .models import MailAddress


@transaction.atomic
def add_address(
    department: Department, *, address: str, name: str = "", takes_tags: bool = False, actor: Actor
) -> MailAddress:
    """One more address of a department; its first one is the one it answers from. Raises `InvalidValues`."""
    require(department.portal, actor, "may_administer")
    added = MailAddress(portal=department.portal)
    return _write(added, department, address, name, takes_tags, actor)


@transaction.atomic
def change_address(
    found: MailAddress, *, department: Department, address: str, name: str, takes_tags: bool, actor: Actor
) -> MailAddress:
    """Raises `InvalidValues`."""
    require(found.portal, actor, "may_administer")
    if found.department_id != department.pk:
        Department.objects.filter(answers_from=found).update(answers_from=None)
    return _write(found, department, address, name, takes_tags, actor)


@transaction.atomic
def answer_from(found: MailAddress, *, actor: Actor) -> None:
    """From now on its department writes from this address."""
    require(found.portal, actor, "may_administer")
    Department.objects.filter(pk=found.department_id).update(answers_from=found)
    _tell(found, "desk.mail_address.updated", actor)


@transaction.atomic
def remove_address(found: MailAddress, *, actor: Actor) -> None:
    """Mails to it are refused from now on. A department that answered from it answers from another one of its own, if it has one."""
    require(found.portal, actor, "may_administer")
    others = MailAddress.objects.filter(department_id=found.department_id).exclude(pk=found.pk).order_by("id")
    Department.objects.filter(answers_from=found).update(answers_from=others.first())
    _tell(found, "desk.mail_address.removed", actor)
    found.delete()


def set_answering_address(department: Department, *, address: str, name: str, actor: Actor) -> None:
    """What the department's own form says: the address it answers from, new or known; nothing typed leaves it without."""
    if not address.strip():
        department.answers_from = None
        department.save(update_fields=["answers_from"])
        return
    known = MailAddress.objects.filter(department=department, address_normal=normal_email(address)).first()
    found = known or MailAddress(portal=department.portal)
    _write(found, department, address, name, found.takes_tags, actor)
    department.answers_from = found
    department.save(update_fields=["answers_from"])


def problem_of_address(address: str, *, besides: int | None = None) -> Text:
    """Why an address cannot be a department's; "" if it can."""
    normal = normal_email(address)
    if not normal:
        return _("This is not an e-mail address.")
    if "+" in normal.rpartition("@")[0]:
        return _("Leave out the part behind the plus sign: it is how Kakehashi marks tickets.")
    others = MailAddress.objects.exclude(pk=besides) if besides else MailAddress.objects.all()
    if others.filter(address_normal=normal).exists():
        return _("This address belongs to another department already.")
    return ""


def _write(
    found: MailAddress, department: Department, address: str, name: str, takes_tags: bool, actor: Actor
) -> MailAddress:
    if problem := problem_of_address(address, besides=found.pk):
        raise InvalidValues({"address": problem})
    topic = "desk.mail_address.updated" if found.pk else "desk.mail_address.added"
    found.department, found.address, found.address_normal = department, address.strip(), normal_email(address)
    found.name, found.takes_tags = name.strip(), takes_tags
    found.save()
    Department.objects.filter(pk=department.pk, answers_from=None).update(answers_from=found)
    _tell(found, topic, actor)
    return found


def _tell(found: MailAddress, topic: str, actor: Actor) -> None:
    write_fact(Fact(found.portal.tenant, topic, "desk.mail_address", found.pk), actor)
