from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.models import Department, Portal
from kakehashi.identity.people.models import Language
from kakehashi.ui.forms.widgets import RichText

from .actions import TemplateValues
from .models import ReplyTemplate


class TemplateForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Typing “/” and a part of it finds the template.")
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), required=False, empty_label=_("All departments")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    html = forms.CharField(label=_("Text"), widget=RichText, required=False)

    def __init__(self, portal: Portal, template: ReplyTemplate | None, data: Any = None) -> None:
        initial: dict[str, Any] = {"language": portal.language}
        if template:
            initial = {name: getattr(template, name) for name in ("name", "language", "html", "department")}
        super().__init__(data, initial=initial)
        self.fields["department"].queryset = portal.departments.all()  # type: ignore[attr-defined]

    @property
    def values(self) -> TemplateValues:
        return cast("TemplateValues", dict(self.cleaned_data))
