"""Making an org and taking people in."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.actions import add_standard_modules
from kakehashi.crm.people.jobs import rename_people_of
from kakehashi.identity.people.actions import follow_language
from kakehashi.identity.people.models import Person

from .models import Membership, Org, Profile, Role
from .rights import EVERYTHING

ADMINISTRATOR = gettext_noop("Administrator")
STANDARD = gettext_noop("Standard")
MANAGEMENT = gettext_noop("Management")
SALES = gettext_noop("Sales")
_STANDARD_RIGHTS = replace(EVERYTHING, may_import=False)


@transaction.atomic
def create_org(*, name: str, administrator: Person, currency: str = "JPY", language: str = "ja") -> Org:
    """An org with its standard modules, profiles and roles, and one administrator."""
    org = Org.objects.create(
        name=name.strip(),
        currency=currency,
        language=language,
        time_zone=administrator.time_zone,
        fiscal_month=4 if language == "ja" else 1,
    )
    profile = Profile.objects.create(org=org, name=ADMINISTRATOR, is_administrator=True, is_system=True)
    Profile.objects.create(
        org=org, name=STANDARD, module_rights={"default": _STANDARD_RIGHTS.as_json()}, is_system=True
    )
    top = Role.objects.create(org=org, name=MANAGEMENT, is_system=True)
    Role.objects.create(org=org, name=SALES, parent=top, is_system=True)
    add_standard_modules(org)
    add_member(org, person=administrator, profile=profile, role=top, actor=administrator.as_actor())
    return org


@transaction.atomic
def add_member(org: Org, *, person: Person, profile: Profile, role: Role | None = None, actor: Actor) -> Membership:
    """Take a person in, or back in. Without a role they stand at the lowest place."""
    role = role or Role.objects.filter(org=org).order_by("-pk").first()
    membership, _is_new = Membership.objects.update_or_create(
        org=org, person=person, defaults={"profile": profile, "role": role, "is_active": True}
    )
    _tell(membership, "crm.member.added", {"profile": profile.name}, actor)
    return membership


@transaction.atomic
def update_org(org: Org, *, values: dict[str, Any], actor: Actor) -> Org:
    """Change the profile of an org: name, currency, language, fiscal year … In another order of names all people are renamed in the background.

    Members who never chose a language follow that of the org.
    """
    changes = {name: [getattr(org, name), value] for name, value in values.items() if getattr(org, name) != value}
    if not changes:
        return org
    for name, (_old, new) in changes.items():
        setattr(org, name, new)
    org.schema_version = uuid4()  # schemas carry the currency and the language
    org.save(update_fields=[*changes, "schema_version"])
    if "language" in changes:
        was, language = changes["language"]
        members = Membership.objects.filter(org=org).values_list("person_id", flat=True)
        follow_language(list(members), was=was, language=language)
    write_fact(Fact(org.tenant, "crm.org.updated", "crm.org", org.pk, {"changes": changes}), actor)
    if "name_order" in changes:
        rename_people_of.defer(org_id=org.pk)
    return org


def _tell(membership: Membership, topic: str, data: dict[str, Any], actor: Actor) -> None:
    data = {**data, "person": membership.person.name}
    write_fact(Fact(f"org:{membership.org_id}", topic, "crm.member", membership.pk, data), actor)
