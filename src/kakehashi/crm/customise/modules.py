"""Changes of an org's modules."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError
from kakehashi.crm.modules.models import Field, Module, ModuleKind
from kakehashi.crm.modules.standard import OWN_MODULE
from kakehashi.crm.orgs.models import Org

from .jobs import purge_removed_module, renew_records
from .locking import changed, locked_module, locked_org, tell
from .naming import module_name_problem, suggested_name

_WORDS = {
    "singular_label": gettext_noop("Name of one record"),
    "plural_label": gettext_noop("Name of the module"),
    "icon": gettext_noop("Icon"),
    "is_visible": gettext_noop("Shown as a tab"),
}


class StandardModuleStays(ProductError):
    code = "standard_module_stays"
    status = 422
    message = gettext_noop("A standard module cannot be removed. Hide its tab instead.")


@transaction.atomic
def create_module(
    org: Org, *, singular: str, plural: str, api_name: str = "", icon: str = "table", actor: Actor
) -> Module:
    """A module of the org's own with a name and an owner per record. Raises `InvalidValues`."""
    org = locked_org(org.pk)
    taken = taken_names(org)
    api_name = api_name or suggested_name(plural, taken, fallback="Module")
    if problem := module_name_problem(api_name, taken):
        raise InvalidValues({"api_name": problem})
    module = Module.objects.create(
        org=org,
        api_name=api_name,
        kind=ModuleKind.CUSTOM,
        singular_label=singular,
        plural_label=plural,
        icon=icon,
        position=Module.objects.filter(org=org).count() + 1,
    )
    _add_first_fields(module)
    tell(module, "created", actor, label=plural)
    return module


def taken_names(org: Org) -> set[str]:
    """In small letters; removed modules keep theirs, since they may come back."""
    return {name.lower() for name in Module.objects.filter(org=org).values_list("api_name", flat=True)}


def _add_first_fields(module: Module) -> None:
    with override(module.org.language):
        label = gettext("%(module)s name") % {"module": module.singular_label}
    section = OWN_MODULE.sections[0]
    Field.objects.bulk_create(
        Field(
            org=module.org,
            module=module,
            api_name=entry.api_name,
            label=label[:80] if entry.api_name == "Name" else "",
            type=entry.type,
            is_required=entry.is_required,
            is_custom=False,
            options=dict(entry.options),
            section=section.key,
            position=position,
        )
        for position, entry in enumerate(section.fields, start=1)
    )


@transaction.atomic
def change_module(
    module: Module, *, singular: str, plural: str, icon: str, version: int | None = None, actor: Actor
) -> Module:
    """Other words or another picture. Empty words of a standard module are its own again. Raises `StaleVersion`."""
    module = locked_module(module, version)
    values = {"singular_label": singular, "plural_label": plural, "icon": icon}
    return _save(module, changed(module, values, _WORDS), actor)


@transaction.atomic
def show_module(module: Module, *, actor: Actor) -> Module:
    """Back among the tabs."""
    module = locked_module(module)
    return _save(module, changed(module, {"is_visible": True}, _WORDS), actor)


@transaction.atomic
def hide_module(module: Module, *, actor: Actor) -> Module:
    """No tab and not in search; its records stay, and so do the lookups that lead there."""
    module = locked_module(module)
    others = Module.objects.filter(org=module.org, is_visible=True, removed_at=None).exclude(pk=module.pk)
    if not others.exists():
        raise InvalidValues({"is_visible": gettext("One tab has to stay.")})
    return _save(module, changed(module, {"is_visible": False}, _WORDS), actor)


@transaction.atomic
def order_modules(org: Org, *, module_ids: Sequence[int], actor: Actor) -> None:
    """The order of the tabs; modules that are not named follow as they stood."""
    org = locked_org(org.pk)
    modules = list(Module.objects.select_related("org").filter(org=org).order_by("position", "id"))
    rank = {module_id: place for place, module_id in enumerate(module_ids)}
    ordered = sorted(modules, key=lambda module: rank.get(module.pk, len(rank)))
    if ordered == modules:
        return
    before = [module.api_name for module in modules if module.removed_at is None]
    for position, module in enumerate(ordered, start=1):
        module.position = position
    Module.objects.bulk_update(ordered, ["position"])
    after = [module.api_name for module in ordered if module.removed_at is None]
    first = next(module for module, was in zip(ordered, modules, strict=True) if module != was)
    tell(first, "ordered", actor, changes={gettext_noop("Order"): [", ".join(before), ", ".join(after)]})


@transaction.atomic
def remove_module(module: Module, *, actor: Actor) -> Module:
    """A module of the org's own goes, with the lookups that lead to it; all its records are kept until somebody purges it."""
    module = locked_module(module)
    if module.kind != ModuleKind.CUSTOM:
        raise StandardModuleStays
    if module.removed_at is None:
        module.removed_at = clock.now()
        module.version += 1
        module.save(update_fields=["removed_at", "version"])
        tell(module, "removed", actor, label=module.plural_label)
    return module


@transaction.atomic
def put_back_module(module: Module, *, actor: Actor) -> Module:
    """As it was. What names its records is found again a moment later."""
    module = locked_module(module)
    if module.removed_at and not module.is_purged:
        module.removed_at = None
        module.version += 1
        module.save(update_fields=["removed_at", "version"])
        tell(module, "restored", actor, label=module.plural_label)
        leading_here = Field.objects.filter(org=module.org, options__lookup=module.api_name, removed_at=None)
        for module_id in {module.pk, *leading_here.values_list("module_id", flat=True)}:
            renew_records.defer(module_id=module_id)
    return module


@transaction.atomic
def purge_module(module: Module, *, actor: Actor) -> None:
    """For ever: the records of a removed module, then the module itself. A job does it; from now on nothing brings it back."""
    module = locked_module(module)
    if module.removed_at is None or module.is_purged:
        return
    module.is_purged = True
    module.save(update_fields=["is_purged"])
    tell(module, "purged", actor, label=module.plural_label)
    purge_removed_module.defer(module_id=module.pk)


def _save(module: Module, changes: dict[str, list[object]], actor: Actor) -> Module:
    if changes:
        module.version += 1
        module.save()
        tell(module, "updated", actor, label=module.plural_label, changes=changes)
    return module
