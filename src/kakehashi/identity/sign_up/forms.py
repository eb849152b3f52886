from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.identity.invitations.forms import InvitationForm


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class AccountForm(InvitationForm):
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)
