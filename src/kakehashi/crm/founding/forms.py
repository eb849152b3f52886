from typing import Any

from django import forms

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.settings.forms import OrganisationForm
from kakehashi.identity.people.models import Person

_CURRENCIES = {"ja": "JPY", "en": "USD"}


class NewOrganisationForm(OrganisationForm):
    """The same questions as in the settings, with what is likely filled in."""

    def __init__(self, person: Person, language: str, data: Any = None) -> None:
        likely = Org(name="", currency=_CURRENCIES.get(language, "JPY"), time_zone=person.time_zone)
        super().__init__(likely, data)
        name = self.fields["name"]
        name.widget = forms.TextInput(attrs={"autocomplete": "organization", "data-focus": True, "maxlength": 120})
