from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ViewForm(forms.Form):
    """Asked when a view is saved under a new name, and when it is renamed or shared."""

    name = forms.CharField(
        label=pgettext_lazy("of a view", "Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sharing = forms.ChoiceField(
        label=_("Who may choose this view"),
        widget=forms.RadioSelect,
        initial="private",
        choices=[("private", _("Only me")), ("shared", _("Everyone in this portal"))],
    )
    use_required_attribute = False
