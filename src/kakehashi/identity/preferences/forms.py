from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.identity.people.forms import NameFields
from kakehashi.identity.people.models import Language, Theme
from kakehashi.ui.forms.widgets import SearchSelect, Switch

from .time_zones import time_zone_choices


class NameForm(NameFields):
    """What others see."""


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Dates and times are shown in this zone."), widget=SearchSelect
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    uses_shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        widget=Switch,
        help_text=_("Single keys act on lists and conversations. Press ? on any page to see them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = time_zone_choices(clock.now())
        chosen = str(self.initial.get("time_zone", ""))
        if chosen and chosen not in dict(choices):
            choices.insert(0, (chosen, chosen))
        zone = self.fields["time_zone"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = choices
