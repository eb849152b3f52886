from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class NameFields(forms.Form):
    """Last and first name, in the order of the reader's language."""

    family_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    given_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (translation.get_language() or "").startswith("ja"):
            self.order_fields(["given_name", "family_name", *self.fields])

    @property
    def name_fields(self) -> list[forms.BoundField]:
        """Both, in that order."""
        return [self[name] for name in self.fields if name in {"family_name", "given_name"}]
