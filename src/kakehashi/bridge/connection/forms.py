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

    def __init__(self, portals: Sequence[Choice], *args: Any, suggestion: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.portals = portals
        field = self.fields["portal"]
        field.choices = [(NEW, _("A new portal")), *((one.value, one.label) for one in portals)]  # type: ignore[attr-defined]
        field.initial = portals[0].value if portals else NEW
        self.fields["name"].initial = suggestion

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_new and not (values.get("name") or "").strip():
            self.add_error("name", _("Enter a name for the portal."))
        return values

    @property
    def is_new(self) -> bool:
        return not self.portals or self.cleaned_data.get("portal") in {NEW, ""}


class ModulesForm(forms.Form):
    """Which modules are kept in step."""

    modules = forms.MultipleChoiceField(
        label=_("Modules to sync"),
        choices=Module.choices,
        initial=Module.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one module.")},
    )
