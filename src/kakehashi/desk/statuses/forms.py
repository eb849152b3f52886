from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.tickets.models import Status, StatusType


class StatusForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    type = forms.ChoiceField(
        label=_("Type"),
        choices=StatusType.choices,
        widget=forms.RadioSelect,
        help_text=_("The clocks run while a ticket is open and stand while it is on hold."),
    )

    def __init__(self, status: Status | None, data: Any = None) -> None:
        initial = {"name": status.label, "type": status.type} if status else {"type": StatusType.OPEN}
        super().__init__(data, initial=initial)
        self.use_required_attribute = False
        if status and status.is_standard:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("A standard status follows the language of whoever reads it.")


class ReplacementForm(forms.Form):
    replacement = forms.ChoiceField(label=_("Its tickets become"))

    def __init__(self, others: Sequence[Status], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["replacement"].choices = [(str(one.pk), one.label) for one in others]  # type: ignore[attr-defined]
