"""Tags of the account pages."""

from django import template
from django.forms import BaseForm
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.identity.sign_in import demo, devices
from kakehashi.ui.shell.workspace import Tab

register = template.Library()
register.filter("device_name", devices.device_name)
register.filter("network_name", devices.network_name)
register.filter("is_handheld", devices.is_handheld)


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """allauth repeats each label inside its field."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


register.simple_tag(demo.offers, name="demo_offers")

# The pages below each entry of the rail, by the names of their addresses.
_KEYS = {
    "account_set_password": "account_change_password",
    "mfa_activate_totp": "mfa_index",
    "mfa_deactivate_totp": "mfa_index",
    "mfa_view_recovery_codes": "mfa_index",
    "mfa_generate_recovery_codes": "mfa_index",
    "mfa_list_webauthn": "mfa_index",
    "mfa_add_webauthn": "mfa_index",
    "mfa_edit_webauthn": "mfa_index",
    "mfa_remove_webauthn": "mfa_index",
}


@register.simple_tag
def account_pages() -> list[tuple[str, list[Tab]]]:
    """The rail of the account pages."""
    return [
        (
            _("Personal settings"),
            [
                Tab("profile", _("Profile"), reverse("profile"), "user"),
                Tab("preferences", _("Preferences"), reverse("preferences"), "palette"),
            ],
        ),
        (
            _("Sign-in and security"),
            [
                Tab("account_email", _("E-mail address"), reverse("account_email"), "mail"),
                Tab("account_change_password", _("Password"), reverse("account_change_password"), "key"),
                Tab("mfa_index", _("Two-step sign-in"), reverse("mfa_index"), "shield-lock"),
                Tab("usersessions_list", _("Signed-in devices"), reverse("usersessions_list"), "device-laptop"),
            ],
        ),
    ]


@register.simple_tag(takes_context=True)
def account_key(context: RequestContext) -> str:
    """Which entry of the rail is lit."""
    match = context["request"].resolver_match
    name = str(match.url_name) if match else ""
    return _KEYS.get(name, name)
