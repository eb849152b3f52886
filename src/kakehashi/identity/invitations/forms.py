from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.identity.people.forms import NameFields


class InvitationForm(NameFields):
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
