"""Links that let a new person set a password: signed, bound to the state of their account, good once and for seven days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.errors import ProductError
from kakehashi.identity.people.models import Person

LIFETIME = timedelta(days=7)
_SALT = "kakehashi.identity.invitations"


class LinkIsVoid(ProductError):
    """The link was used, is too old, or was never ours."""

    code = "link_is_void"
    status = 410
    message = _("This link has been used or has expired.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link says: who was invited, and where they go after signing in."""

    person: Person
    next_url: str


def invitation_link(person: Person, *, next_url: str = "") -> str:
    """A full address for a mail. It stops working once the person has set a password or signed in."""
    content = {
        "person": person.pk,
        "mark": _mark(person),
        "until": int((clock.now() + LIFETIME).timestamp()),
        "next": next_url,
    }
    token = signing.dumps(content, salt=_SALT)
    return settings.PUBLIC_URL.rstrip("/") + reverse("invitation", args=[token])


def read_link(token: str) -> Invitation:
    """Raises `LinkIsVoid`."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise LinkIsVoid from None
    person = Person.objects.filter(pk=content["person"], is_active=True).first()
    is_late = clock.now() > datetime.fromtimestamp(content["until"], UTC)
    if person is None or is_late or not constant_time_compare(content["mark"], _mark(person)):
        raise LinkIsVoid
    return Invitation(person, content["next"])


def _mark(person: Person) -> str:
    """Changes with the first password, sign-in or change of address, which makes every earlier link void."""
    state = f"{person.pk}|{person.password}|{person.last_login}|{person.email}"
    return salted_hmac(_SALT, state, algorithm="sha256").hexdigest()[:32]
