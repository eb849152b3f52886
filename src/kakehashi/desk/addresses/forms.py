from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.models import Department, Portal
from kakehashi.ui.forms.widgets import Switch


class AddressForm(forms.Form):
    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Sender name"), max_length=120, required=False, help_text=_("Shown to customers before the address.")
    )
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none(), empty_label=None)
    takes_tags = forms.BooleanField(
        label=_("The mail server takes tags (name+tag@…)"),
        required=False,
        widget=Switch(),
        help_text=_("Answers then go to an address that names the ticket. Try it first: send a mail to name+test@…"),
    )

    def __init__(self, portal: Portal, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        departments: Any = self.fields["department"]
        departments.queryset = portal.departments.all()
