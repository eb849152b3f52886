"""What people type about a view: its name and who else may choose it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Role
from kakehashi.crm.record_form.queries import members_of
from kakehashi.ui.forms.widgets import SearchSelectMultiple

from .actions import Audience
from .models import ListView, Sharing


class ViewForm(forms.Form):
    """Asked when a view is saved under a new name, and when it is renamed or shared."""

    name = forms.CharField(
        label=pgettext_lazy("of a view", "Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sharing = forms.ChoiceField(
        label=_("Who may choose this view"),
        widget=forms.RadioSelect,
        choices=[
            (Sharing.PRIVATE, _("Only me")),
            (Sharing.EVERYONE, _("Everyone")),
            (Sharing.CHOSEN, _("Chosen roles and people")),
        ],
    )
    roles = forms.TypedMultipleChoiceField(label=_("Roles"), coerce=int, required=False, widget=SearchSelectMultiple)
    people = forms.TypedMultipleChoiceField(label=_("People"), coerce=int, required=False, widget=SearchSelectMultiple)

    def __init__(self, access: CrmAccess, **options: Any) -> None:
        super().__init__(**options)
        self.use_required_attribute = False
        roles = [(role.pk, str(role)) for role in Role.objects.filter(org=access.org).order_by("pk")]
        people = [(pk, name) for pk, name in members_of(access) if pk != access.person.pk]
        for key, choices in (("roles", roles), ("people", people)):
            field = self.fields[key]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def audience(self) -> Audience:
        data = self.cleaned_data
        return Audience(data["sharing"], data["roles"], data["people"])


def initial_of(row: ListView) -> dict[str, Any]:
    return {
        "name": row.name,
        "sharing": row.sharing,
        "roles": list(row.roles.values_list("pk", flat=True)),
        "people": list(row.people.values_list("pk", flat=True)),
    }
