"""What is asked while a connection is set up."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.sides.tickets import Choice
from kakehashi.bridge.sync.models import Module

NEW = "new"


class PortalForm(forms.Form):
    """Route A: one of the portals where this person is administrator. Route B: a new one, made from its name."""

    portal = forms.ChoiceField(label=_("Portal"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(
        label=_("Portal name"),
        max_length=120,
        required=False,
        help_text=_("Customers see this name in the mails they get from support."),
    )

    def __init__(
        self, portals: Sequence[Choice], *args: Any, suggestion: str = "", chosen: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.portals = portals
        field = self.fields["portal"]
        field.choices = [(NEW, _("A new portal")), *((one.value, one.label) for one in portals)]  # type: ignore[attr-defined]
        known = [one.value for one in portals]
        field.initial = chosen if chosen in known else (*known, NEW)[0]
        self.fields["name"].initial = suggestion

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_new and not (values.get("name") or "").strip():
            self.add_error("name", _("Enter a name for the portal."))
        return values

    @property
    def is_new(self) -> bool:
        return not self.portals or self.cleaned_data.get("portal") in {NEW, ""}


class KeyForm(forms.Form):
    """Route C: somebody else's portal."""

    email = forms.EmailField(label=_("E-mail address of the portal's administrator"))
    key = forms.CharField(
        label=_("ZSC key"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "ZSC-"}),
        help_text=_("The administrator makes it in the Desk under Settings > Developer > Keys for a CRM."),
    )


def asked_again() -> KeyForm:
    """For whoever waited longer than an opened portal is remembered."""
    form = KeyForm({})
    form.full_clean()
    form.errors.clear()
    form.add_error(None, _("That was a while ago. Enter the key once more."))
    return form


class ModulesForm(forms.Form):
    """Which modules are kept in step; and, where this pair was connected before, what becomes of the former links."""

    modules = forms.MultipleChoiceField(
        label=_("Modules to sync"),
        choices=Module.choices,
        initial=Module.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one module.")},
    )
    former = forms.ChoiceField(
        label=_("Former links"),
        choices=[
            ("adopt", _("Take them up again: every pair stays a pair (recommended)")),
            ("anew", _("Match all records anew, by e-mail address and name")),
        ],
        initial="adopt",
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, was_connected: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not was_connected:
            del self.fields["former"]

    @property
    def adopts(self) -> bool:
        return "former" in self.fields and self.cleaned_data.get("former") != "anew"
