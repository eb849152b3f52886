"""allauth's forms, in our words where its own are unclear."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth publishes no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autofocus": True}
        self.fields["remember"].label = _("Stay signed in on this device")
        self.fields["remember"].initial = True

    @property
    def sign_up_url(self) -> str:
        """Where strangers may come in, "" where they may not."""
        return reverse("sign_up") if settings.SIGN_UP else ""


class PasswordMailForm(ResetPasswordForm):  # type: ignore[misc]  # allauth publishes no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")


class NewAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth publishes no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth publishes no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you can tell your keys apart later.")
        self.fields["passwordless"].label = _("Use it instead of the password (passkey)")
        self.fields["passwordless"].help_text = _("Without this, it is only a second step after the password.")
        self.fields["passwordless"].initial = True


class RenameKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth publishes no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
