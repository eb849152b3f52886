"""What is asked about a module that is kept in step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.setting_models import DeleteRule, Direction

from .chosen import Settings


class SettingsForm(forms.Form):
    """Only what concerns the module: addresses for contacts (Y5), departments for products (Y7)."""

    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[
            (Direction.TO_DESK, _("One way: CRM to Desk")),
            (Direction.BOTH, _("Both ways: what is edited or made in the Desk comes to the CRM, too")),
        ],
        widget=forms.RadioSelect,
    )
    delete_rule = forms.ChoiceField(
        label=_("When a record is deleted on one side"),
        choices=[
            (DeleteRule.FOLLOW, _("It goes to the recycle bin on the other, unless it is in use there")),
            (DeleteRule.KEEP, _("It is kept on the other and unlinked")),
        ],
        widget=forms.RadioSelect,
    )
    match_secondary = forms.BooleanField(
        label=_("Also recognise contacts by the secondary e-mail address"),
        required=False,
        help_text=_("The e-mail address always comes first."),
    )
    secondary_overwrites = forms.BooleanField(
        label=_("Then replace the Desk's e-mail address by the CRM's"),
        required=False,
        help_text=_("Otherwise both keep their addresses until somebody changes one."),
    )
    departments = forms.MultipleChoiceField(
        label=_("Departments that are offered new products"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )
    owner = forms.ChoiceField(
        label=_("Owner of records made in the CRM for records of the Desk"),
        required=False,
        help_text=_("Only where the module goes both ways."),
    )

    def __init__(self, connection: Connection, module: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if module != "contacts":
            del self.fields["match_secondary"], self.fields["secondary_overwrites"]
        if module == "products":
            departments = desk_side(connection.portal_id).departments()
            self._offer("departments", [(one.value, one.label) for one in departments])
        else:
            del self.fields["departments"]
        people = [(str(one.person_id), one.name) for one in crm_side(connection.org_id).colleagues()]
        first = _("Whoever set the connection up (%(name)s)") % {"name": connection.set_up_by_name}
        self._offer("owner", [("", first), *people])

    @property
    def settings(self) -> Settings:
        """Of a valid form."""
        values = self.cleaned_data
        return Settings(
            direction=values["direction"],
            delete_rule=values["delete_rule"],
            match_secondary=values.get("match_secondary", False),
            secondary_overwrites=values.get("secondary_overwrites", True),
            department_ids=tuple(sorted(int(one) for one in values.get("departments", []))),
            owner_id=int(values["owner"]) if values.get("owner") else None,
        )

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def initial_of(settings: Settings) -> dict[str, Any]:
    return {
        "direction": settings.direction,
        "delete_rule": settings.delete_rule,
        "match_secondary": settings.match_secondary,
        "secondary_overwrites": settings.secondary_overwrites,
        "departments": [str(one) for one in settings.department_ids],
        "owner": str(settings.owner_id or ""),
    }
