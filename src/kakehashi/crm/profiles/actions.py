"""Making and changing what the members who hold a profile may do. It holds from everybody's next request."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Membership, Profile
from kakehashi.crm.orgs.rights import EVERYTHING, FieldRight, ModuleRights
from kakehashi.crm.orgs.seen import is_always_shown
from kakehashi.identity.permissions import declared

from .columns import general_permissions


@transaction.atomic
def copy_profile(source: Profile, *, name: str, actor: Actor) -> Profile:
    """A new profile that allows what another one does; from the administrator's, one that can be cut down."""
    name = _free_name(source.org_id, name)
    profile = Profile.objects.create(
        org_id=source.org_id,
        name=name,
        permissions=[one.code for one in general_permissions()] if source.is_administrator else source.permissions,
        module_rights={"default": EVERYTHING.as_json()} if source.is_administrator else source.module_rights,
        field_rights=source.field_rights,
    )
    _tell(profile, "created", {"source": str(source)}, actor)
    return profile


@transaction.atomic
def update_profile(
    profile: Profile, *, name: str, permissions: Sequence[str], modules: Mapping[str, ModuleRights], actor: Actor
) -> Profile:
    """Change name, general permissions and the rights per module (by id, and "default"). Raises `InvalidValues`."""
    profile = _locked(profile)
    known = {permission.code for permission in declared()}
    new = {
        "name": profile.name if profile.is_system else _free_name(profile.org_id, name, but=profile),
        "permissions": [code for code in permissions if code in known],
        "module_rights": {**profile.module_rights, **{key: held.as_json() for key, held in modules.items()}},
    }
    changes = {column: [getattr(profile, column), value] for column, value in new.items()}
    changes = {column: pair for column, pair in changes.items() if pair[0] != pair[1]}
    for column, (_old, value) in changes.items():
        setattr(profile, column, value)
    if changes:
        profile.save(update_fields=list(changes))
        _tell(profile, "updated", {"changes": changes}, actor)
    return profile


@transaction.atomic
def update_field_rights(
    profile: Profile, *, module: ModuleSchema, rights: Mapping[int, FieldRight], actor: Actor
) -> Profile:
    """Hide or lock fields of a module. What a record cannot do without stays: its name, its owner, required fields."""
    profile = _locked(profile)
    before = dict(profile.field_rights)
    changed: dict[str, list[str]] = {}
    for field in module.fields.values():
        old = before.get(str(field.id), FieldRight.EDITABLE)
        new = rights.get(field.id, FieldRight(old))
        if new == FieldRight.HIDDEN and (is_always_shown(module, field) or field.is_required):
            raise InvalidValues({field.api_name: _("This field cannot be hidden: every record needs it.")})
        if new != old:
            changed[field.api_name] = [str(old), new.value]
        profile.field_rights.pop(str(field.id), None)
        if new != FieldRight.EDITABLE:
            profile.field_rights[str(field.id)] = new.value
    if changed:
        profile.save(update_fields=["field_rights"])
        _tell(profile, "updated", {"module": module.api_name, "fields": changed}, actor)
    return profile


@transaction.atomic
def delete_profile(profile: Profile, *, replacement: Profile | None, actor: Actor) -> int:
    """Remove a profile; who holds it gets the replacement. Answers how many. Raises `InvalidValues`."""
    profile = _locked(profile)
    if profile.is_system:
        raise InvalidValues({"replacement": _("This profile belongs to every organisation and stays.")})
    holders = Membership.objects.select_for_update().filter(profile=profile)
    count = holders.count()
    if count and (replacement is None or replacement == profile or replacement.org_id != profile.org_id):
        raise InvalidValues({"replacement": _("Choose the profile that its holders get instead.")})
    if replacement:
        holders.update(profile=replacement)
    details = {"replacement": str(replacement) if count else "", "people": count}
    _tell(profile, "deleted", details, actor)
    profile.delete()
    return count


def _locked(profile: Profile) -> Profile:
    found = Profile.objects.select_for_update().get(pk=profile.pk)
    if found.is_administrator:
        raise InvalidValues({"name": _("Administrators may do everything; this cannot be changed.")})
    return found


def _free_name(org_id: int, name: str, *, but: Profile | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidValues({"name": _("Please give a name.")})
    others = Profile.objects.filter(org_id=org_id).exclude(pk=but.pk if but else 0)
    if any(name.casefold() in (other.name.casefold(), str(other).casefold()) for other in others):
        raise InvalidValues({"name": _("There is a profile of this name already.")})
    return name


def _tell(profile: Profile, deed: str, data: Mapping[str, Any], actor: Actor) -> None:
    fact = Fact(
        f"org:{profile.org_id}", f"crm.profile.{deed}", "crm.profile", profile.pk, {"name": str(profile), **data}
    )
    write_fact(fact, actor)
