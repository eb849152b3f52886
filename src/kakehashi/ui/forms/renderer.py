"""Makes every Django form look like ours: `{{ form }}`, `{{ form.name.as_field_group }}` and allauth's forms, too."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting

from kakehashi.ui.forms.widgets import RichText
from kakehashi.ui.templatetags.ui_forms import kind_of


class Field(BoundField):
    """A field that knows how it is laid out and tells its input that it is required or wrong."""

    @property
    def kind(self) -> str:
        return kind_of(self)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if self.kind == "file":
            built["data-file"] = True
        if isinstance(widget or self.field.widget, RichText):
            built["aria_label"] = str(self.label)  # an editor is no labelable element
        return built


class Renderer(TemplatesSetting):
    form_template_name = "ui/components/templates/form_alone.html"
    field_template_name = "ui/components/templates/field.html"
    bound_field_class = Field
