from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.core.fields.types import FieldType

from .actions import FieldDraft
from .models import TicketField
from .types import WITH_CHOICES


class FieldForm(forms.Form):
    """What an administrator types about one field."""

    label = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line. A line that you take away is not offered any more; tickets that have it keep it."),
    )
    help_text = forms.CharField(
        label=_("Help"), max_length=300, required=False, help_text=_("Stands below the field on the form.")
    )
    is_required = forms.BooleanField(
        label=_("Required"),
        required=False,
        help_text=_("For people who open a ticket here. Mails are never turned away."),
    )

    def __init__(self, kind: FieldType, field: TicketField | None, data: Any = None) -> None:
        super().__init__(data, initial=_initial(field) if field else {})
        self.use_required_attribute = False
        if kind not in WITH_CHOICES:
            del self.fields["choices"]

    def draft(self) -> FieldDraft:
        given = self.cleaned_data
        return FieldDraft(
            given["label"], given["help_text"], given["is_required"], tuple(given.get("choices", "").splitlines())
        )


def _initial(field: TicketField) -> dict[str, Any]:
    return {
        "label": field.label,
        "help_text": field.help_text,
        "is_required": field.is_required,
        "choices": "\n".join(field.options.get("choices", ())),
    }
