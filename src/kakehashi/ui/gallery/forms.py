"""A form with every kind of field, for the gallery."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.ui.forms import widgets


class SampleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Where the confirmation goes."))
    phone = forms.CharField(label=_("Phone"), required=False, disabled=True, initial="0258-00-1147")
    stage = forms.ChoiceField(label=_("Stage"), choices=[("1", _("Proposal")), ("2", _("Quote sent")), ("3", _("Won"))])
    owner = forms.ChoiceField(
        label=_("Owner"), widget=widgets.SearchSelect(placeholder=_("Search by name")), required=False
    )
    products = forms.MultipleChoiceField(label=_("Products"), widget=widgets.SearchSelectMultiple, required=False)
    due = forms.DateField(label=_("Due date"), widget=widgets.DateInput, required=False)
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0)
    channel = forms.ChoiceField(
        label=_("Channel"), widget=forms.RadioSelect, choices=[("mail", _("E-mail")), ("phone", _("Phone"))]
    )
    note = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    attachments = widgets.FilesField(
        label=_("Attachments"), required=False, help_text=_("Drop files here, up to 20 MB each.")
    )
    is_urgent = forms.BooleanField(label=_("Urgent"), required=False)
    is_on = forms.BooleanField(label=_("Send a mail at once"), widget=widgets.Switch, required=False, initial=True)

    def __init__(self, *args: object, people: list[str], goods: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["owner"].choices = [("", ""), *[(name, name) for name in people]]  # type: ignore[attr-defined]
        self.fields["products"].choices = [(name, name) for name in goods]  # type: ignore[attr-defined]
