"""Removing a tab that is no module, putting it back, and choosing the profiles that have it."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.orgs.models import Org, Profile

from .models import TabChoice
from .slots import MoreTab


@transaction.atomic
def remove_tab(org: Org, tab: MoreTab, *, actor: Actor) -> TabChoice:
    """Nobody has it until it is put back; what it leads to stays as it is."""
    choice = _locked(org, tab)
    if choice.removed_at is None:
        choice.removed_at, choice.removed_by_name = clock.now(), actor.name
        choice.save(update_fields=["removed_at", "removed_by_name"])
        _tell(choice, tab, "removed", {}, actor)
    return choice


@transaction.atomic
def put_back_tab(org: Org, tab: MoreTab, *, actor: Actor) -> TabChoice:
    choice = _locked(org, tab)
    if choice.removed_at is not None:
        choice.removed_at, choice.removed_by_name = None, ""
        choice.save(update_fields=["removed_at", "removed_by_name"])
        _tell(choice, tab, "restored", {}, actor)
    return choice


@transaction.atomic
def choose_profiles(org: Org, tab: MoreTab, profile_ids: Collection[int], *, actor: Actor) -> TabChoice:
    """Whoever holds one of these has the tab. A profile that is made later has it, too."""
    choice = _locked(org, tab)
    profiles = list(Profile.objects.filter(org=org).order_by("pk"))
    before = _names(profiles, choice)
    choice.without_profiles = [profile.pk for profile in profiles if profile.pk not in profile_ids]
    if (after := _names(profiles, choice)) != before:
        choice.save(update_fields=["without_profiles"])
        _tell(choice, tab, "updated", {"profiles": [before, after]}, actor)
    return choice


def _locked(org: Org, tab: MoreTab) -> TabChoice:
    TabChoice.objects.get_or_create(org=org, key=tab.key)
    return TabChoice.objects.select_for_update().get(org=org, key=tab.key)


def _names(profiles: Sequence[Profile], choice: TabChoice) -> str:
    return ", ".join(str(profile) for profile in profiles if profile.pk not in choice.without_profiles)


def _tell(choice: TabChoice, tab: MoreTab, deed: str, changes: Mapping[str, Sequence[str]], actor: Actor) -> None:
    data = {"name": str(tab.label), **({"changes": dict(changes)} if changes else {})}
    write_fact(Fact(choice.org.tenant, f"crm.tab.{deed}", "crm.tab", choice.pk, data), actor)
