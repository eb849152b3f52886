from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.attachments.limits import limit_bytes
from kakehashi.ui.forms.widgets import FilesField, RichText


class NoteForm(forms.Form):
    """A title if one wants it, the text, files."""

    title = forms.CharField(label=pgettext_lazy("of a note", "Title"), max_length=120, required=False)
    html = forms.CharField(label=_("Note"), widget=RichText, required=False)
    uploads = FilesField(label=_("Files"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].widget.attrs |= {"multiple": True, "data-limit": limit_bytes()}
        self.fields["title"].widget.attrs |= {"autocomplete": "off"}
