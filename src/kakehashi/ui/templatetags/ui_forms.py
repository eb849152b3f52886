"""Tags for forms: a field with its label, help and errors; a whole form; what is wrong on top."""

from typing import Any

from django import forms, template
from django.forms import BoundField

register = template.Library()
PARTS = "ui/components/templates"


@register.inclusion_tag(f"{PARTS}/field.html")
def field(bound: BoundField, wide: bool = False) -> dict[str, Any]:
    """One field of a Django form, with label, required mark, help, and its errors beside it."""
    return {"field": bound, "wide": wide, "kind": kind_of(bound)}


@register.inclusion_tag(f"{PARTS}/form.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, errors on top. Put it inside <form class="k-form">."""
    return {"form": form, "fields": form.visible_fields(), "hidden_fields": form.hidden_fields()}


@register.inclusion_tag(f"{PARTS}/error_summary.html")
def error_summary(form: forms.BaseForm, takes_focus: bool = True) -> dict[str, Any]:
    """What is wrong with the form, each line a link to its field. Nothing when nothing is."""
    return {
        "form": form,
        "takes_focus": takes_focus,
        "wrong": [bound for bound in form.visible_fields() if bound.errors],
    }


def kind_of(bound: BoundField) -> str:
    """How the field is laid out: check, options, file, or line."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    return "file" if isinstance(widget, forms.FileInput) else "line"
