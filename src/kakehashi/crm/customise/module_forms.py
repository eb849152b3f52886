"""What people type about a module and its sections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.ui.templatetags.ui import icon

_ICONS = (
    ("table", pgettext_lazy("picture", "Table")), ("building", pgettext_lazy("picture", "Building")),
    ("map-pin", pgettext_lazy("picture", "Place")), ("home", pgettext_lazy("picture", "House")),
    ("users", pgettext_lazy("picture", "People")), ("user", pgettext_lazy("picture", "Person")),
    ("briefcase", pgettext_lazy("picture", "Briefcase")), ("businessplan", pgettext_lazy("picture", "Deal")),
    ("package", pgettext_lazy("picture", "Parcel")), ("tool", pgettext_lazy("picture", "Tool")),
    ("device-laptop", pgettext_lazy("picture", "Computer")), ("server", pgettext_lazy("picture", "Server")),
    ("calendar", pgettext_lazy("picture", "Calendar")), ("file-text", pgettext_lazy("picture", "Document")),
    ("folder", pgettext_lazy("picture", "Folder")), ("book", pgettext_lazy("picture", "Book")),
    ("ticket", pgettext_lazy("picture", "Ticket")), ("key", pgettext_lazy("picture", "Key")),
    ("target", pgettext_lazy("picture", "Target")), ("rocket", pgettext_lazy("picture", "Rocket")),
    ("star", pgettext_lazy("picture", "Star")), ("flag", pgettext_lazy("picture", "Flag")),
    ("shield", pgettext_lazy("picture", "Shield")), ("world", pgettext_lazy("picture", "World")),
    ("address-book", pgettext_lazy("picture", "Address book")), ("target", pgettext_lazy("picture", "Target")),
)  # fmt: skip


class ModuleForm(forms.Form):
    """With `module` the words of one that is there; its API name stays."""

    singular = forms.CharField(label=_("Name of one record"), max_length=80)
    plural = forms.CharField(label=_("Name of the module"), max_length=80)
    api_name = forms.CharField(
        label=_("API name"),
        max_length=50,
        required=False,
        help_text=_("For addresses and programs; it never changes. Left empty, it is made from the module's name."),
    )
    icon = forms.ChoiceField(label=_("Icon"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, module: ModuleSchema | None = None, **kwargs: Any) -> None:
        if module:
            words = {"singular": module.singular, "plural": module.plural, "icon": module.icon}
            kwargs["initial"] = {name: str(word) for name, word in words.items()}
        super().__init__(*args, **{"initial": {"icon": "table"}, **kwargs})
        choices: dict[str, Text] = dict(_ICONS)
        if module:
            choices.setdefault(module.icon, module.plural)
            del self.fields["api_name"]
        self.fields["icon"].choices = [(name, icon(name, label=word)) for name, word in choices.items()]  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    label = forms.CharField(label=_("Name of the section"), max_length=80)
