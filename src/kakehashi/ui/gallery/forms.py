"""A form with every kind of field, for the gallery."""

from typing import Any

from django import forms

from kakehashi.ui.forms import widgets


class SampleForm(forms.Form):
    """Its labels come from the samples, so that the product's catalogue stays free of them."""

    name = forms.CharField(max_length=40)
    email = forms.EmailField(required=False)
    phone = forms.CharField(required=False, disabled=True, initial="0258-00-1147")
    stage = forms.ChoiceField()
    owner = forms.ChoiceField(widget=widgets.SearchSelect, required=False)
    products = forms.MultipleChoiceField(widget=widgets.SearchSelectMultiple, required=False)
    due = forms.DateField(widget=widgets.DateInput, required=False)
    amount = forms.DecimalField(required=False, min_value=0)
    channel = forms.ChoiceField(widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    attachments = widgets.FilesField(required=False)
    is_urgent = forms.BooleanField(required=False)
    is_on = forms.BooleanField(widget=widgets.Switch, required=False, initial=True)

    def __init__(self, data: Any = None, *, words: dict[str, Any]) -> None:
        super().__init__(data)
        for name, label in words["labels"].items():
            self.fields[name].label = label
        self.fields["email"].help_text = words["email_help"]
        self.fields["attachments"].help_text = words["files_help"]
        self.fields["owner"].widget.attrs["data-placeholder"] = words["search_name"]
        choices = {
            "stage": words["stages"],
            "owner": ["", *words["people"]],
            "products": words["goods"],
            "channel": words["channels"],
        }
        for name, values in choices.items():
            self.fields[name].choices = [(value, value) for value in values]  # type: ignore[attr-defined]
