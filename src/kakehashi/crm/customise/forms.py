"""What an administrator types about a module or a field."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import clean_value
from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.formula import read_formula
from kakehashi.crm.formulas.functions import Type
from kakehashi.crm.formulas.parsing import FormulaProblem
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.defaults import ME, NOW, TODAY

from .abilities import (
    CHOICE_TYPES,
    DECIMAL_TYPES,
    DEFAULT_TYPES,
    LOOKUP_TYPES,
    UNIQUE_TYPES,
    has_free_choices,
    may_be_required,
)
from .choices import ChoiceRow, Entry, arranged, dropped
from .fields import FieldDraft
from .sections import sections_of
from .standing import count_choices
from .widgets import ChoicesInput

T = FieldType
RESULTS = {Type.NUMBER: T.DECIMAL, Type.TEXT: T.TEXT, Type.DATE: T.DATE, Type.MOMENT: T.DATETIME, Type.TRUTH: T.BOOLEAN}


class FieldForm(forms.Form):
    """Everything about a field of one type. With `field` one that is there: its type, API name and target stay."""

    label = forms.CharField(label=_("Label"), max_length=80)

    def __init__(
        self, module: Module, kind: FieldType, data: QueryDict | None = None, *, field: Field | None = None
    ) -> None:
        self.module, self.kind, self.field = module, kind, field
        self.schema = schema_of(module.org).by_id[module.pk]
        self.shown = self.schema.fields.get(field.api_name) if field else None
        self.rows: list[ChoiceRow] = []
        self.entries: list[Entry] = []
        super().__init__(data, initial=self._initial())
        self._add_general()
        self._add_options()

    def draft(self) -> FieldDraft:
        values = self.cleaned_data
        standing = self.field
        return FieldDraft(
            label="" if self._says_standard(values["label"]) else values["label"],
            help_text=values["help_text"],
            is_required=values.get("is_required", bool(standing and standing.is_required)),
            is_unique=values.get("is_unique", bool(standing and standing.is_unique)),
            options=self._options(),
            replacements={value: values[name] for name, value in self.replaced.items()},
            accepts_gaps=values.get("accepts_gaps", False),
        )

    def _says_standard(self, label: str) -> bool:
        """A standard field whose label nobody changed goes on speaking the reader's language."""
        return bool(self.field and not self.field.label and self.shown and label == str(self.shown.label))

    def _initial(self) -> dict[str, Any]:
        if self.field is None or self.shown is None:
            return {"decimals": 2, "digits": 5, "start": 1}
        field, options = self.field, self.field.options
        known = {
            name: options[name]
            for name in ("max_length", "decimals", "prefix", "suffix", "digits", "expression")
            if name in options
        }
        return {
            "decimals": 2,
            **known,
            "label": str(self.shown.label),
            "help_text": field.help_text,
            "is_required": field.is_required,
            "is_unique": field.is_unique,
            "default": options.get("default", ""),
            "choices": _rows_of(self.shown),
        }

    def _add_general(self) -> None:
        if self.field is None:
            self.fields["api_name"] = forms.CharField(
                label=_("API name"),
                max_length=50,
                required=False,
                help_text=_("For imports and programs; it never changes. Left empty, it is made from the label."),
            )
            sections = [(section["key"], section["label"]) for section in sections_of(self.module)]
            self.fields["section"] = forms.ChoiceField(label=_("Section"), choices=sections)
        self.fields["help_text"] = forms.CharField(
            label=_("Help text"), max_length=300, required=False, help_text=_("Stands below the field in forms.")
        )
        if may_be_required(self.field or Field(module=self.module, type=self.kind, is_custom=True)):
            self.fields["is_required"] = forms.BooleanField(label=_("Required"), required=False)
            if self.is_bound and "is_required" in self.data:
                self.fields["accepts_gaps"] = forms.BooleanField(
                    label=_("Although records that are there have nothing in it"),
                    required=False,
                    widget=forms.HiddenInput,
                )
        if self.kind in UNIQUE_TYPES and (self.field is None or self.field.is_custom):
            self.fields["is_unique"] = forms.BooleanField(
                label=_("Unique: no two records have the same value"), required=False
            )

    def _add_options(self) -> None:
        self.replaced: dict[str, str] = {}
        is_ours = self.field is None or self.field.is_custom
        if self.kind in CHOICE_TYPES and self._has_free_choices():
            self._add_choices()
        if is_ours:
            self._add_limits()
        if self.kind in LOOKUP_TYPES and self.field is None:
            modules = [(module.api_name, module.plural) for module in schema_of(self.module.org)]
            self.fields["lookup"] = forms.ChoiceField(label=_("Leads to"), choices=modules)
        if self.kind in DEFAULT_TYPES and is_ours:
            self.fields["default"] = self._default_field()

    def _has_free_choices(self) -> bool:
        return self.field is None or has_free_choices(self.module.api_name, self.field.api_name)

    def _add_limits(self) -> None:
        if self.kind in (T.TEXT, T.TEXTAREA):
            most = 255 if self.kind == T.TEXT else 32_000
            self.fields["max_length"] = forms.IntegerField(
                label=_("Longest text, in letters"), min_value=1, max_value=most, required=False
            )
        if self.kind in DECIMAL_TYPES:
            self.fields["decimals"] = forms.IntegerField(label=_("Decimal places"), min_value=0, max_value=6)
        if self.kind == T.FORMULA:
            self.fields["expression"] = forms.CharField(
                label=_("Formula"),
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "k-mono"}),
            )
            self.fields["decimals"] = forms.IntegerField(label=_("Decimal places"), min_value=0, max_value=6)
        if self.kind == T.AUTONUMBER:
            self.fields["prefix"] = forms.CharField(
                label=_("Before the number"), max_length=20, required=False, strip=False
            )
            self.fields["digits"] = forms.IntegerField(label=_("Digits"), min_value=1, max_value=12)
            self.fields["suffix"] = forms.CharField(
                label=_("After the number"), max_length=20, required=False, strip=False
            )
            if self.field is None:
                self.fields["start"] = forms.IntegerField(label=_("First number"), min_value=0, max_value=10**12)

    def _add_choices(self) -> None:
        self.fields["choices"] = forms.Field(label=_("Choices"), widget=ChoicesInput, required=False)
        if not self.is_bound:
            return
        self.rows = ChoicesInput.rows_in(cast("QueryDict", self.data), "choices")
        before = self.field.options.get("choices", []) if self.field else []
        shown = {choice.value: str(choice.label) for choice in _all_choices(self.shown)}
        self.entries = arranged(self.rows, before, shown)
        if self.field:
            self._ask_for_replacements(before, shown)

    def _ask_for_replacements(self, before: list[Entry], shown: Mapping[str, str]) -> None:
        in_use = count_choices(self.field, dropped(self.entries, before)) if self.field else {}
        left = [
            (entry["value"], entry.get("label") or shown.get(entry["value"], entry["value"])) for entry in self.entries
        ]
        for number, (value, count) in enumerate(in_use.items()):
            said = ngettext(
                "%(count)s record has “%(choice)s”. It gets", "%(count)s records have “%(choice)s”. They get", count
            )
            name = f"replacement-{number}"
            self.replaced[name] = value
            self.fields[name] = forms.ChoiceField(
                label=said % {"count": count, "choice": shown.get(value, value)},
                choices=[("", _("Choose…")), *left, ("-", _("nothing"))],
            )

    def _default_field(self) -> forms.Field:
        computed = {
            T.DATE: (TODAY, _("The day when it is made")),
            T.DATETIME: (NOW, _("The moment when it is made")),
            T.OWNER: (ME, _("Whoever makes it")),
        }
        label = _("A new record begins with")
        if self.kind in computed:
            return forms.ChoiceField(label=label, choices=[("", "—"), computed[self.kind]], required=False)
        if self.kind == T.BOOLEAN:
            return forms.BooleanField(label=_("Checked in a new record"), required=False)
        return forms.CharField(label=label, max_length=2_000, required=False)

    def clean_choices(self) -> list[Entry]:
        if not self.entries:
            raise forms.ValidationError(_("Write at least one choice."))
        labels = [row.label for row in self.rows]
        if any(not label for label in labels) or len(set(labels)) < len(labels):
            raise forms.ValidationError(_("Each choice needs a name of its own."))
        return self.entries

    def clean_expression(self) -> str:
        text = self.cleaned_data["expression"]
        others = {
            name: field for name, field in self.schema.fields.items() if not self.field or name != self.field.api_name
        }
        try:
            formula = read_formula(text, others)
        except FormulaProblem as problem:
            raise forms.ValidationError(str(problem.reason)) from None
        self.cleaned_data["returns"] = RESULTS[formula.returns]
        return formula.expression

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        default = values.get("default")
        if default and self.kind not in (T.DATE, T.DATETIME, T.OWNER, T.BOOLEAN):
            choices = tuple(Choice(entry["value"], entry.get("label") or entry["value"]) for entry in self.entries)
            like = FieldSchema(
                0,
                "",
                "",
                self.kind,
                choices=choices,
                max_length=values.get("max_length"),
                decimals=values.get("decimals") or 0,
            )
            try:
                values["default"] = clean_value(default, like)
            except ValueRefused as refused:
                self.add_error("default", str(refused.reason))
        for name in self.replaced:
            values[name] = "" if values.get(name) == "-" else values.get(name, "")
        return values

    def _options(self) -> dict[str, Any]:
        """What is stored; what the form does not ask about stays."""
        values = self.cleaned_data
        options = dict(self.field.options) if self.field else {}
        for name in (
            "max_length",
            "decimals",
            "prefix",
            "suffix",
            "digits",
            "expression",
            "returns",
            "lookup",
            "choices",
            "default",
        ):
            if name not in values:
                continue
            if values[name] in (None, "", False):
                options.pop(name, None)
            else:
                options[name] = values[name]
        return options


def _all_choices(schema: FieldSchema | None) -> tuple[Choice, ...]:
    return (*schema.choices, *schema.retired_choices) if schema else ()


def _rows_of(schema: FieldSchema) -> list[ChoiceRow]:
    """In the order in which they are stored; what is on its way out is not shown any more."""
    order = [entry["value"] for entry in schema.options.get("choices", []) if "replaced_by" not in entry]
    known = {choice.value: choice for choice in _all_choices(schema)}
    return [
        ChoiceRow(value, str(known[value].label), known[value].tone, bool(known[value].details.get("is_retired")))
        for value in order
        if value in known
    ]
