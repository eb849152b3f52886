"""Making, revoking and trying keys."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.portals.models import Agent, AgentRole, AgentState, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.identity.mails.actions import queue_mail

from .keys import digest_of, hint_of, new_key
from .models import ConnectionKey, KeyAttempt

WINDOW = timedelta(minutes=15)
MOST_OF_SOURCE = 5
MOST_OF_EMAIL = 10
_KEPT = timedelta(days=90)


class KeyRefused(ProductError):
    """The same sentence for a wrong address, a wrong key and a pair that does not belong together."""

    code = "key_refused"
    status = 422
    message = _("This e-mail address and this key do not fit together. Check both, or ask the portal's administrator for a new key.")  # fmt: skip


class KeyExpired(KeyRefused):
    code = "key_expired"
    message = _("This key has expired. Ask the portal's administrator for a new one.")


class KeyRevoked(KeyRefused):
    code = "key_revoked"
    message = _("This key was revoked. Ask the portal's administrator for a new one.")


class TriedTooOften(KeyRefused):
    code = "tried_too_often"
    status = 429
    message = _("Too many wrong attempts. Wait fifteen minutes, then try again with the key from the portal's administrator.")  # fmt: skip


@transaction.atomic
def make_key(portal: Portal, *, days: int, actor: Actor) -> tuple[ConnectionKey, str]:
    """The key's row, and the key itself, which is not kept."""
    require(portal, actor, "may_administer")
    text = new_key()
    key = ConnectionKey.objects.create(
        portal=portal,
        digest=digest_of(text),
        hint=hint_of(text),
        made_by_name=actor.name,
        expires_at=clock.now() + timedelta(days=days),
    )
    write_fact(Fact(portal.tenant, "desk.connection_key.created", "desk.connection_key", key.pk), actor)
    return key, text


@transaction.atomic
def revoke_key(key: ConnectionKey, *, actor: Actor) -> ConnectionKey:
    """Once revoked it stays so; what it has connected stays connected."""
    require(key.portal, actor, "may_administer")
    if not key.revoked_at:
        key.revoked_at, key.revoked_by_name = clock.now(), actor.name
        key.save(update_fields=["revoked_at", "revoked_by_name"])
        write_fact(Fact(key.portal.tenant, "desk.connection_key.revoked", "desk.connection_key", key.pk), actor)
    return key


def use_key(*, email: str, key: str, source: str, who: str, place: str) -> Portal:
    """The portal that an administrator's address and a key open. Raises `KeyRefused` and its kinds.

    Attempts are counted per `source` (the organisation that tries) and per address, and kept whatever becomes of the caller's work.
    """
    address = normal_email(email) or email.strip().lower()[:254]
    attempt = KeyAttempt(email=address, source=source, who=who, place=place, is_right=False)
    with transaction.atomic():
        _one_at_a_time(source, address)
        if _is_stopped(source, address):
            attempt.was_stopped = True
            attempt.save()
            refusal: KeyRefused | None = TriedTooOften()
        else:
            attempt.key = ConnectionKey.objects.select_related("portal").filter(digest=digest_of(key)).first()
            refusal = _refusal_of(attempt.key, address)
            attempt.is_right = refusal is None
            attempt.save()
            if attempt.key and refusal is None:
                attempt.key.last_used_at, attempt.key.last_used_by = clock.now(), f"{place} ({who})"
                attempt.key.save(update_fields=["last_used_at", "last_used_by"])
            elif _is_stopped(source, address):
                _warn(attempt)
        KeyAttempt.objects.filter(at__lt=clock.now() - _KEPT).delete()
    if refusal:
        raise refusal
    if attempt.key is None:
        raise AssertionError
    return attempt.key.portal


def _one_at_a_time(*names: str) -> None:
    """Many attempts sent at once must not all see the same count."""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"desk:connection_key:{name}"])


def _is_stopped(source: str, address: str) -> bool:
    wrong = KeyAttempt.objects.filter(at__gt=clock.now() - WINDOW, is_right=False, was_stopped=False)
    return wrong.filter(source=source).count() >= MOST_OF_SOURCE or wrong.filter(email=address).count() >= MOST_OF_EMAIL


def administrators(portal: Portal) -> QuerySet[Agent]:
    seats = Agent.objects.select_related("person").filter(portal=portal, person__is_active=True)
    return seats.filter(role=AgentRole.ADMINISTRATOR, state=AgentState.ACTIVE)


def _refusal_of(found: ConnectionKey | None, address: str) -> KeyRefused | None:
    """The address must be one of an active administrator of the key's portal; only then is more said of the key."""
    if found is None or not administrators(found.portal).filter(person__email=address).exists():
        return KeyRefused()
    return {"valid": None, "expired": KeyExpired(), "revoked": KeyRevoked()}[found.state]


def _warn(attempt: KeyAttempt) -> None:
    """Tell the administrators whose address or key was tried that somebody is guessing; once, when the limit is reached."""
    seats = Agent.objects.select_related("portal").filter(
        person__email=attempt.email, role=AgentRole.ADMINISTRATOR, state=AgentState.ACTIVE
    )
    portals = {seat.portal_id: seat.portal for seat in seats}
    if attempt.key:
        portals[attempt.key.portal_id] = attempt.key.portal
    for portal in portals.values():
        context = {"portal_name": portal.name, "place": attempt.place, "who": attempt.who}
        for administrator in administrators(portal):
            person = administrator.person
            queue_mail("desk/developer/templates/guessing", person.email, context, person=person)
