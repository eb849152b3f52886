"""How allauth behaves here."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as core_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.people.models import Person

from .devices import device_name, knows_device, remember_device


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Nobody signs up by themselves: people are invited, or are the first administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "duplicate_email": _("You already sign in with this e-mail address."),
        "email_taken": _("Somebody else here already uses this e-mail address."),
        "unverified_primary_email": _("Please confirm your e-mail address first."),
    }

    _signed_in_before = False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queued, and in the reader's language instead of the visitor's: anybody can ask for anybody's password mail."""
        user = context.get("user")
        values = {name: value for name, value in context.items() if name not in {"request", "user"}}
        queue_mail(template_prefix, email, values, person=user if isinstance(user, Person) else None)

    def login(self, request: HttpRequest, user: Person) -> None:
        self._signed_in_before = user.last_login is not None
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Person, **context: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **context)
        if self._signed_in_before and not knows_device(request, user.pk):
            self.send_notification_mail("account/email/new_device", user)
        remember_device(request, response, user.pk)
        return response

    def is_reauthentication_required(self, *, app: str, **context: Any) -> bool:
        """Not right after a sign-in. A demonstration's click proves nothing."""
        return bool(super().is_reauthentication_required(app=app, **context)) and not self._signed_in_just_now()

    def _signed_in_just_now(self) -> bool:
        request = core_context.request
        records = get_authentication_records(request, request.user)
        moments = [record["at"] for record in records if record["method"] != "demo"]
        return bool(moments) and time.time() - max(moments) < app_settings.REAUTHENTICATION_TIMEOUT


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """OpenID Connect lets in people who exist, by an address that the provider has verified. It makes nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Person, str] | None:
        """By the address a person signs in with, never by one they are only changing to."""
        for address in sociallogin.email_addresses:
            person = Person.objects.filter(email=address.email.lower()).first() if address.verified else None
            if person:
                return person, person.email
        return None


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth publishes no types
    def get_totp_issuer(self) -> str:
        return "Kakehashi"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Kakehashi"}

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """After the device that it is most likely kept on."""
        return device_name(core_context.request.headers.get("User-Agent", ""))
