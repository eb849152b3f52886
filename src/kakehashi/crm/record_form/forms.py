"""A form made from a module's metadata. What it shows, checks and keeps follows the kinds of `core.fields`."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.attachments.serving import IMAGE_TYPES
from kakehashi.core.errors import Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.links import ticket_ids
from kakehashi.core.fields.registry import kind_of
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import ids_in, is_id
from kakehashi.crm.deals.rules import is_always_asked_for
from kakehashi.crm.modules.schema import ModuleSchema, Section
from kakehashi.crm.records.checking import NOT_THERE
from kakehashi.ui.forms.values import NO_UPLOADS, Uploads, ValueField, value_widget
from kakehashi.ui.forms.widgets import OneFile, SearchSelect, SearchSelectMultiple, Several

People = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class FormPart:
    """A section of the form with its fields."""

    key: str
    label: Text
    fields: tuple[BoundField, ...]
    is_folded: bool  # nothing is in it nor must be, nothing is wrong with it, and it is not the first


_ENTRY_LABELS = (
    pgettext_lazy("kind of address", "Work"),
    pgettext_lazy("kind of address", "Private"),
    _("Assistant"),
    _("Branch"),
)


class RecordField(ValueField):
    """One field of a record; `closed` are the ids that this person may not choose."""

    def __init__(self, schema: FieldSchema, *, closed: Collection[int] = (), **options: Any) -> None:
        self.closed = closed
        super().__init__(schema, **options)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.closed and any(one in self.closed for one in ticket_ids(cleaned)):
            raise ValidationError(str(NOT_THERE))
        return cleaned


class RecordForm(forms.Form):
    """All fields of a module, or those of `only`. Give it `values` (canonical) for a record that is there."""

    def __init__(  # noqa: PLR0913 - all but one by keyword, and most optional
        self,
        module: ModuleSchema,
        *,
        data: QueryDict | None = None,
        uploads: Uploads = NO_UPLOADS,
        values: Mapping[str, Any] | None = None,
        names: Names,
        people: People,
        only: Sequence[str] = (),
        previews: Mapping[str, str] = {},
        quick: Mapping[str, str] = {},
    ) -> None:
        self.quick = quick  # addresses of the dialogs that create what a lookup does not find, by module
        self.module, self.names, self.people, self.previews = module, names, people, previews
        self.values = dict(values or {})
        shown = [field for field in module.fields.values() if not (field.is_read_only or field.is_hidden)]
        self.schemas = {field.api_name: field for field in shown if not only or field.api_name in only}
        initial = {name: _initial(field, self.values.get(name)) for name, field in self.schemas.items()}
        super().__init__(data=data, files=uploads.files, initial=initial)
        self.use_required_attribute = False  # our own words beside the field instead of the browser's bubble
        for name, field in self.schemas.items():
            self.fields[name] = RecordField(
                field, widget=self._widget(field), uploads=uploads, closed=self._closed(field)
            )
            self.fields[name].required = field.is_required and is_always_asked_for(name, module)

    def parts(self) -> Iterator[FormPart]:
        for section in self.module.sections:
            bound = tuple(self[field.api_name] for field in section.fields if field.api_name in self.fields)
            if bound:
                yield FormPart(section.key, section.label, bound, self._is_folded(section))

    def _is_folded(self, section: Section) -> bool:
        names = [field.api_name for field in section.fields]
        if section == self.module.sections[0] or any(name in self.errors for name in names):
            return False
        if any(field.is_required for field in section.fields):
            return False
        return not any(self.data.get(name) if self.is_bound else self.values.get(name) for name in names)

    def refuse(self, by_field: Mapping[str, Text]) -> None:
        """Put what the action refused beside the fields."""
        for name, sentence in by_field.items():
            self.add_error(name if name in self.fields else None, str(sentence))

    def was(self) -> str:
        """The values that the form was opened with, carried along so that saving can tell what the person changed."""
        return json.dumps({name: self.values.get(name) for name in self.schemas}, ensure_ascii=False)

    def _widget(self, field: FieldSchema) -> forms.Widget:
        kind = kind_of(field)
        makers: dict[str, Callable[[], forms.Widget]] = {
            "owner": lambda: SearchSelect(choices=self._people(field)),
            "lookup": lambda: self._lookup(field),
            "multilookup": lambda: self._multilookup(field),
            "several": lambda: Several(labels=_ENTRY_LABELS, is_email=field.type == FieldType.EMAILS),
            "file": lambda: OneFile(shown=self._file(field)),
            "image": lambda: OneFile(shown=self._file(field), attrs={"accept": ",".join(IMAGE_TYPES)}),
        }
        if kind.widget in makers:
            return makers[kind.widget]()
        return value_widget(field, self.values.get(field.api_name))

    def _people(self, field: FieldSchema) -> list[tuple[Any, Text]]:
        people: list[tuple[Any, Text]] = [("", pgettext_lazy("owner", "Nobody")), *self.people]
        kept = self.values.get(field.api_name)
        if kept and kept not in dict(people):
            people.append((kept, self.names.people.get(kept, str(_("(former member)")))))
        return people

    def _closed(self, field: FieldSchema) -> frozenset[int]:
        """Records that this person may not see cannot be chosen; one that is chosen already stays."""
        if field.type not in (FieldType.LOOKUP, FieldType.MULTILOOKUP):
            return frozenset()
        return self.names.closed - set(ticket_ids(self.values.get(field.api_name)))

    def _lookup(self, field: FieldSchema) -> forms.Widget:
        chosen = self._chosen(field)
        if chosen and int(chosen) in self._closed(field):
            chosen = ""
        choices: list[tuple[Any, Text]] = [("", "")]
        if chosen:
            choices.append((chosen, self.names.records.get(int(chosen), str(_("(deleted)")))))
        url = reverse("crm_choices", args=[self.module.org_id, field.lookup_module])
        return SearchSelect(url=url, placeholder=str(_("Type to search")), choices=choices, attrs=self._quick(field))

    def _multilookup(self, field: FieldSchema) -> forms.Widget:
        sent = self.data.getlist(field.api_name) if isinstance(self.data, QueryDict) and self.is_bound else None
        ids = _ids(ticket_ids(self.values.get(field.api_name)) if sent is None else sent)
        closed = self._closed(field)
        choices = [(one, self.names.records.get(one, str(_("(deleted)")))) for one in ids if one not in closed]
        url = reverse("crm_choices", args=[self.module.org_id, field.lookup_module])
        return SearchSelectMultiple(
            url=url, placeholder=str(_("Type to search")), choices=choices, attrs=self._quick(field)
        )

    def _quick(self, field: FieldSchema) -> dict[str, str]:
        url = self.quick.get(field.lookup_module)
        return {"data-create-url": url} if url else {}

    def _file(self, field: FieldSchema) -> tuple[str, str] | None:
        value = self.values.get(field.api_name)
        return (value["name"], self.previews.get(field.api_name, "")) if value else None

    def _chosen(self, field: FieldSchema) -> str:
        chosen = self.data.get(field.api_name, "") if self.is_bound else self.values.get(field.api_name) or ""
        return str(chosen) if is_id(str(chosen)) else ""


def chosen_lookups(module: ModuleSchema, data: Mapping[str, Any]) -> set[int]:
    """The ids of records that a form names, so that their names can be shown."""
    chosen: set[int] = set()
    for field in module.links:
        sent = data.getlist(field.api_name) if isinstance(data, QueryDict) else ticket_ids(data.get(field.api_name))
        chosen |= set(_ids(sent))
    return chosen


def _ids(given: Iterable[Any]) -> list[int]:
    return ids_in(map(str, given))


def _initial(field: FieldSchema, value: Any) -> Any:
    if field.type in (
        FieldType.BOOLEAN,
        FieldType.MULTIPICKLIST,
        FieldType.MULTILOOKUP,
        FieldType.EMAILS,
        FieldType.PHONES,
    ):
        return value
    return kind_of(field).to_form(value)
