from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    days = forms.ChoiceField(
        label=_("Valid for"),
        widget=forms.Select(attrs={"class": "k-input"}),
        choices=[("1", _("One day")), ("7", _("7 days")), ("30", _("30 days"))],
        initial="7",
    )
