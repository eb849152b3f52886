from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.identity.people.forms import NameFields
from kakehashi.identity.people.models import Person

from .slots import FIRST_RUN

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: Text
    description: Text


class FirstRunForm(NameFields):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    organisation_name = forms.CharField(
        label=_("Organisation name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    product = forms.ChoiceField(label=_("Start with"), widget=forms.RadioSelect, required=False)
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(choice.key, choice.label) for choice in self.choices]
            field.initial = field.choices[0][0] if field.choices else ""

    @property
    def choices(self) -> list[Choice]:
        """Everything first, then each product; nothing to choose where there is only one."""
        products = [Choice(product.key, product.label, product.description) for product in FIRST_RUN]
        if len(products) < 2:
            return products
        return [Choice(EVERYTHING, _("CRM and Desk"), _("Sales and support on one customer base.")), *products]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        person = Person(
            email=values.get("email", ""),
            family_name=values.get("family_name", ""),
            given_name=values.get("given_name", ""),
        )
        if password := values.get("password"):
            try:
                validate_password(password, person)
            except ValidationError as refused:
                self.add_error("password", refused)
        return values

    @property
    def product_keys(self) -> list[str]:
        chosen = self.cleaned_data.get("product") or EVERYTHING
        return [product.key for product in FIRST_RUN if chosen in {EVERYTHING, product.key}]
