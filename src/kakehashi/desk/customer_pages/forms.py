from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kakehashi.ui.forms.minutes import MinutesField
from kakehashi.ui.forms.widgets import FilesField, Switch

from .models import CustomerSettings, RatingRequest

MOST_FILES = 5
MOST_BYTES = 20 * 1024 * 1024


def problem_of_files(files: list[UploadedFile[Any]]) -> Any:
    """A sentence where strangers send more than we take."""
    if len(files) > MOST_FILES:
        return _("At most %(count)s files.") % {"count": MOST_FILES}
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        return _("At most %(limit)s MB together.") % {"limit": MOST_BYTES // (1024 * 1024)}
    return ""


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "data-mentions": "off"})
    )
    attachments = FilesField(label=_("Attachments"), required=False)

    def clean_attachments(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["attachments"]
        if problem := problem_of_files(files):
            raise forms.ValidationError(str(problem))
        return files


class CustomerSettingsForm(forms.Form):
    shows_page = forms.BooleanField(
        label=_("Mails carry a link to a page of the ticket"),
        required=False,
        widget=Switch,
        help_text=_("There customers read the conversation, answer and close, without signing in."),
    )
    ratings = forms.ChoiceField(
        label=_("Ask how the help was"), choices=RatingRequest.choices, widget=forms.RadioSelect
    )
    rating_delay = MinutesField(
        label=_("Time between closing and the mail"), required=False, help_text=_("Left empty: at once.")
    )


def values_of(settings: CustomerSettings) -> dict[str, Any]:
    return {
        "shows_page": settings.shows_page,
        "ratings": settings.ratings,
        "rating_delay": settings.rating_delay_minutes or None,
    }
