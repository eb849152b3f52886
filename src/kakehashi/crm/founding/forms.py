from typing import Any

from django import forms

from kakehashi.crm.orgs.models import Org
from kakehashi.crm.settings.forms import OrganisationForm
from kakehashi.identity.people.models import Person

_CURRENCIES = {"ja": "JPY", "en": "USD"}


class NewOrganisationForm(OrganisationForm):
    """The first questions of the settings, with what is likely filled in; the language is the page's."""

    def __init__(self, person: Person, language: str, data: Any = None) -> None:
        likely = Org(name="", currency=_CURRENCIES.get(language, "JPY"), time_zone=person.time_zone)
        super().__init__(likely, data)
        for later in ("language", "fiscal_month"):
            del self.fields[later]
        name = self.fields["name"]
        name.widget = forms.TextInput(attrs={"autocomplete": "organization", "data-focus": True, "maxlength": 120})
