"""Setting targets. Every change has the deadlines of the open tickets counted anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.customers.models import Account
from kakehashi.desk.deadlines.jobs import follow_later
from kakehashi.desk.portals.models import Department, FiguresBasis, Portal
from kakehashi.desk.portals.rights import require

from .models import Target, TargetSet

Minutes = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """`minutes` holds (response, resolution) by priority, "" for every other one. (None, None) promises nothing."""

    department: Department | None = None
    account: Account | None = None
    minutes: Mapping[str, Minutes] = field(default_factory=dict)


@transaction.atomic
def create_targets(portal: Portal, draft: TargetDraft, *, actor: Actor) -> TargetSet:
    """Raises `InvalidValues`."""
    require(portal, actor, "may_administer")
    return _write(TargetSet(portal=portal), draft, actor)


@transaction.atomic
def change_targets(target_set: TargetSet, draft: TargetDraft, *, actor: Actor) -> TargetSet:
    """Raises `InvalidValues`."""
    require(target_set.portal, actor, "may_administer")
    return _write(target_set, draft, actor)


@transaction.atomic
def remove_targets(target_set: TargetSet, *, actor: Actor) -> None:
    """Its tickets follow the next more general promise."""
    require(target_set.portal, actor, "may_administer")
    _tell(target_set, "removed", actor)
    portal = target_set.portal
    target_set.delete()
    follow_later(portal)


@transaction.atomic
def choose_figures(portal: Portal, *, basis: str, actor: Actor) -> None:
    """Whether averages are shown in working time or in real time. Both are kept."""
    require(portal, actor, "may_administer")
    if basis not in FiguresBasis.values:
        raise InvalidValues({"basis": _("There is no such choice.")})
    portal.figures_basis = basis
    portal.save(update_fields=["figures_basis"])
    write_fact(Fact(portal.tenant, "desk.portal.updated", "desk.portal", portal.pk), actor)


def _write(target_set: TargetSet, draft: TargetDraft, actor: Actor) -> TargetSet:
    if problems := _problems_of(target_set, draft):
        raise InvalidValues(problems)
    topic = "updated" if target_set.pk else "created"
    target_set.department, target_set.account = draft.department, draft.account
    target_set.save()
    target_set.targets.all().delete()
    Target.objects.bulk_create(
        Target(target_set=target_set, priority=priority, response_minutes=response, resolution_minutes=resolution)
        for priority, (response, resolution) in draft.minutes.items()
        if (response, resolution) != (None, None)
    )
    _tell(target_set, topic, actor)
    follow_later(target_set.portal)
    return target_set


def _problems_of(target_set: TargetSet, draft: TargetDraft) -> dict[str, Text]:
    portal_id = target_set.portal_id
    if any(chosen and chosen.portal_id != portal_id for chosen in (draft.department, draft.account)):
        return {"department": _("There is no such choice.")}
    others = TargetSet.objects.filter(portal_id=portal_id).exclude(pk=target_set.pk)
    if others.filter(department=draft.department, account=draft.account).exists():
        return {"department": _("These have targets already: change those.")}
    problems: dict[str, Text] = {}
    for priority, (response, resolution) in draft.minutes.items():
        if response and resolution and response > resolution:
            problems[f"resolution{priority}"] = _("A matter cannot be settled before it is answered.")
    if not problems and not any(value for pair in draft.minutes.values() for value in pair):
        problems["response"] = _("Enter at least one target.")
    return problems


def _tell(target_set: TargetSet, what: str, actor: Actor) -> None:
    fact = Fact(target_set.portal.tenant, f"desk.targets.{what}", "desk.target_set", target_set.pk)
    write_fact(fact, actor)
