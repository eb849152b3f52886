"""Links that let a stranger become a person: signed, for one address, good until somebody with that address exists, for a day."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from kakehashi.identity.invitations.links import LinkIsVoid
from kakehashi.identity.people.models import Person

LIFETIME = timedelta(days=1)
_SALT = "kakehashi.identity.sign_up"


def sign_up_link(email: str) -> str:
    token = signing.dumps({"email": email.strip().lower()}, salt=_SALT)
    return settings.PUBLIC_URL.rstrip("/") + reverse("sign_up_account", args=[token])


def read_email(token: str) -> str:
    """Raises `LinkIsVoid`."""
    try:
        email = str(signing.loads(token, salt=_SALT, max_age=LIFETIME)["email"])
    except (signing.BadSignature, KeyError):
        raise LinkIsVoid from None
    if Person.objects.filter(email=email).exists():
        raise LinkIsVoid
    return email
