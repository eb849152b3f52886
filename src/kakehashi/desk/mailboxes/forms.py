from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.models import Department, Portal
from kakehashi.ui.forms.widgets import Switch

from .models import AfterReading, Security


class ServerForm(forms.Form):
    """How to reach a mail server. The stored password is never shown; left empty it stays."""

    host = forms.CharField(label=_("Server"), max_length=250)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535)
    security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices, initial=Security.TLS)
    username = forms.CharField(label=_("User name"), max_length=250)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Stored sealed with this installation's secret. Left empty, the stored one stays."),
    )

    def values(self) -> dict[str, Any]:
        """Columns, without the password."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password"}


class MailboxForm(ServerForm):
    field_order = ("name", "department", "host", "port", "security", "username", "password", "folder")
    name = forms.CharField(label=_("Name"), max_length=120)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        empty_label=None,
        help_text=_("Gets the mails whose recipients name none of our addresses."),
    )
    folder = forms.CharField(label=_("Folder"), max_length=250, initial="INBOX")
    after_reading = forms.ChoiceField(
        label=_("When a mail is safely stored"), choices=AfterReading.choices, initial=AfterReading.SEEN
    )
    move_to = forms.CharField(
        label=_("Move to"), max_length=250, required=False, help_text=_("The folder is made if there is none.")
    )
    takes_unread = forms.BooleanField(
        label=_("Also take the mails that are unread there now"), required=False, widget=Switch()
    )

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        departments: Any = self.fields["department"]
        departments.queryset = portal.departments.all()
        self.fields["port"].initial = 993

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("after_reading") == AfterReading.MOVE and not given.get("move_to", "").strip():
            self.add_error("move_to", _("Say where to."))
        return given
