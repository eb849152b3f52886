"""Whoever changes modules or fields of an org does so alone, and says which version of a thing they saw."""

from collections.abc import Mapping
from typing import Any

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, StaleVersion
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.orgs.models import Org


def locked_org(org_id: int) -> Org:
    """Waits for all that is being written to the org's records; nobody writes until this transaction ends."""
    return Org.objects.select_for_update().get(pk=org_id)


def locked_module(module: Module, version: int | None = None) -> Module:
    """The module as it is now. Raises `NotFound`, and `StaleVersion` when somebody changed it after `version`."""
    locked_org(module.org_id)
    found = Module.objects.select_related("org").filter(pk=module.pk).first()
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise StaleVersion
    return found


def locked_field(field: Field, version: int | None = None) -> Field:
    """The field as it is now. Raises `NotFound`, and `StaleVersion` when somebody changed it after `version`."""
    locked_org(field.org_id)
    found = Field.objects.select_related("org", "module__org").filter(pk=field.pk).first()
    if found is None:
        raise NotFound
    if version is not None and found.version != version:
        raise StaleVersion
    return found


def tell(subject: Module | Field, deed: str, actor: Actor, **data: Any) -> None:
    """One event, and a new version of the schema for every process. `changes` are {what, in words: [old, new]}."""
    kind = "crm.module" if isinstance(subject, Module) else "crm.field"
    module = subject if isinstance(subject, Module) else subject.module
    named = {"module": module.api_name, "name": subject.api_name}
    bump_schema(subject.org)
    write_fact(Fact(subject.org.tenant, f"{kind}.{deed}", kind, subject.pk, {**named, **data}), actor)


def changed(subject: Module | Field, values: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, list[Any]]:
    """Put values on a row; what changed, under the words for it."""
    changes = {
        words[name]: [_told(getattr(subject, name)), _told(value)]
        for name, value in values.items()
        if getattr(subject, name) != value
    }
    for name, value in values.items():
        setattr(subject, name, value)
    return changes


def _told(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) or value is None else str(value)
