"""The sections of a module's form and record page."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.crm.modules.models import Field, Module, ModuleKind
from kakehashi.crm.modules.standard import OWN_MODULE, STANDARD_MODULES

from .locking import locked_module, tell

_WORD = gettext_noop("Sections")
Entry = dict[str, Any]


def sections_of(module: Module) -> list[Entry]:
    """All of them in order, empty ones, too; those that nobody renamed are called as we call them."""
    standard = OWN_MODULE if module.kind == ModuleKind.CUSTOM else STANDARD_MODULES[module.api_name]
    labels = {section.key: section.label for section in standard.sections}
    stored = module.sections or [{"key": section.key} for section in standard.sections]
    keys = [section["key"] for section in stored]
    used = Field.objects.filter(module=module, removed_at=None).order_by("position").values_list("section", flat=True)
    stored = [*stored, *({"key": key} for key in dict.fromkeys(used) if key not in keys)]
    return [
        {**section, "label": section.get("label") or labels.get(section["key"], section["key"])} for section in stored
    ]


@transaction.atomic
def add_section(module: Module, *, label: str, actor: Actor) -> Module:
    module = locked_module(module)
    sections = sections_of(module)
    number = 1 + max((int(key.removeprefix("section_")) for key in _keys(sections) if _is_ours(key)), default=0)
    return _store(module, [*sections, {"key": f"section_{number}", "label": label}], actor)


@transaction.atomic
def rename_section(module: Module, *, key: str, label: str, actor: Actor) -> Module:
    module = locked_module(module)
    sections = [{**one, "label": label} if one["key"] == key else one for one in _with(module, key)]
    return _store(module, sections, actor)


@transaction.atomic
def order_sections(module: Module, *, keys: Sequence[str], actor: Actor) -> Module:
    """Those that are not named follow as they stood."""
    module = locked_module(module)
    rank = {key: place for place, key in enumerate(keys)}
    return _store(module, sorted(sections_of(module), key=lambda one: rank.get(one["key"], len(rank))), actor)


@transaction.atomic
def remove_section(module: Module, *, key: str, actor: Actor) -> Module:
    """An empty one. Raises `InvalidValues` while it has fields."""
    module = locked_module(module)
    sections = _with(module, key)
    if Field.objects.filter(module=module, section=key, removed_at=None).exists():
        raise InvalidValues({"section": _("Move the fields of this section elsewhere first.")})
    rest = [one for one in sections if one["key"] != key]
    if not rest:
        raise InvalidValues({"section": _("One section has to stay.")})
    Field.objects.filter(module=module, section=key).update(section=rest[0]["key"])  # removed ones that may come back
    return _store(module, rest, actor)


def _with(module: Module, key: str) -> list[Entry]:
    sections = sections_of(module)
    if key not in _keys(sections):
        raise NotFound
    return sections


def _store(module: Module, sections: Sequence[Entry], actor: Actor) -> Module:
    """A label that nobody changed is left out, so that it goes on speaking the reader's language."""
    before = sections_of(module)
    labels = {section["key"]: section.get("label", "") for section in module.sections}
    known = {section["key"]: section["label"] for section in before}
    module.sections = [
        {
            "key": one["key"],
            "label": labels.get(one["key"], "") if one["label"] == known.get(one["key"]) else one["label"],
        }
        for one in sections
    ]
    old, new = (", ".join(str(one["label"]) for one in some) for some in (before, sections))
    if old != new:
        module.save(update_fields=["sections"])
        tell(module, "updated", actor, label=module.plural_label, changes={_WORD: [old, new]})
    return module


def _keys(sections: Sequence[Entry]) -> list[str]:
    return [section["key"] for section in sections]


def _is_ours(key: str) -> bool:
    return key.startswith("section_") and key.removeprefix("section_").isdecimal()
