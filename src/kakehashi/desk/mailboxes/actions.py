"""Adding and changing mailboxes and departments' own mail servers."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require

from .models import Mailbox, OutgoingServer


@transaction.atomic
def add_mailbox(portal: Portal, *, values: Mapping[str, Any], password: str, actor: Actor) -> Mailbox:
    require(portal, actor, "may_administer")
    mailbox = Mailbox(portal=portal, **values)
    mailbox.seal_password(password)
    mailbox.save()
    _tell(mailbox, "added", actor)
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, values: Mapping[str, Any], password: str, actor: Actor) -> Mailbox:
    """An empty password leaves the stored one. Another place is another mailbox: reading begins anew there."""
    require(mailbox.portal, actor, "may_administer")
    mailbox = Mailbox.objects.select_for_update().select_related("portal").get(pk=mailbox.pk)
    if any(getattr(mailbox, name) != values[name] for name in ("host", "username", "folder")):
        mailbox.uid_validity, mailbox.first_uid, mailbox.last_uid = None, 0, 0
    for name, value in values.items():
        setattr(mailbox, name, value)
    if password:
        mailbox.seal_password(password)
    mailbox.next_try_at, mailbox.failures = None, 0
    mailbox.save()
    _tell(mailbox, "updated", actor)
    return mailbox


@transaction.atomic
def enable_mailbox(mailbox: Mailbox, *, actor: Actor) -> None:
    _switch(mailbox, True, actor)


@transaction.atomic
def disable_mailbox(mailbox: Mailbox, *, actor: Actor) -> None:
    """Nothing is read any more; what was read stays."""
    _switch(mailbox, False, actor)


@transaction.atomic
def ask_for_reading(mailbox: Mailbox, *, actor: Actor) -> None:
    """The next worker that looks tries again, without waiting longer."""
    require(mailbox.portal, actor, "may_administer")
    Mailbox.objects.filter(pk=mailbox.pk).update(next_try_at=None)


@transaction.atomic
def remove_mailbox(mailbox: Mailbox, *, actor: Actor) -> None:
    """The mails that came through it stay."""
    require(mailbox.portal, actor, "may_administer")
    _tell(mailbox, "removed", actor)
    mailbox.delete()


@transaction.atomic
def set_outgoing_server(
    department: Department, *, values: Mapping[str, Any], password: str, actor: Actor
) -> OutgoingServer:
    """An empty password leaves the stored one."""
    require(department.portal, actor, "may_administer")
    server = OutgoingServer.objects.filter(department=department).first() or OutgoingServer(department=department)
    for name, value in values.items():
        setattr(server, name, value)
    if password:
        server.seal_password(password)
    server.save()
    _tell_of_department(department, actor)
    return server


@transaction.atomic
def remove_outgoing_server(department: Department, *, actor: Actor) -> None:
    """The department sends through the installation's server again."""
    require(department.portal, actor, "may_administer")
    OutgoingServer.objects.filter(department=department).delete()
    _tell_of_department(department, actor)


def _switch(mailbox: Mailbox, is_enabled: bool, actor: Actor) -> None:
    require(mailbox.portal, actor, "may_administer")
    Mailbox.objects.filter(pk=mailbox.pk).update(is_enabled=is_enabled, next_try_at=None, failures=0)
    _tell(mailbox, "enabled" if is_enabled else "disabled", actor)


def _tell(mailbox: Mailbox, topic: str, actor: Actor) -> None:
    write_fact(Fact(mailbox.portal.tenant, f"desk.mailbox.{topic}", "desk.mailbox", mailbox.pk), actor)


def _tell_of_department(department: Department, actor: Actor) -> None:
    write_fact(Fact(department.portal.tenant, "desk.department.updated", "desk.department", department.pk), actor)
