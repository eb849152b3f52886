from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.tickets.models import Rating


class RatingForm(forms.Form):
    """One of the two is given: the judgement by its button, or a comment on it afterwards."""

    rating = forms.ChoiceField(choices=Rating.choices, required=False)
    comment = forms.CharField(
        label=_("What was good, what was missing?"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("rating") and "comment" not in self.data:
            raise forms.ValidationError(_("Choose one of the three."))
        return given
