"""Deleting contacts, accounts and products for good, and how long a portal keeps what was deleted."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.events.log import Fact, write_fact, write_facts
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.products.models import Product
from kakehashi.desk.record_merging.forgetting import empty_events, forget_merges
from kakehashi.desk.records.emptying import empty_row
from kakehashi.desk.records.writing import Kind
from kakehashi.desk.tickets.tally_models import CustomerTally, ProductTally

from .models import BinSetting
from .queries import binned, merged_into
from .ties import untie, untied


@transaction.atomic
def purge_records(kind: Kind[Any], portal: Portal, *, ids: Sequence[int], actor: Actor) -> list[int]:
    """Erase what lies in the recycle bin: all values, what was merged into it, its history but for the fact that it happened.

    Tickets and people stay; they name nothing where they named this. An empty row stays, too. Answers the ids that were there.
    """
    require(portal, actor, "may_erase_customers")
    return _purge(kind, portal, binned(portal, kind).filter(pk__in=ids), actor)


@transaction.atomic
def purge_untied(kind: Kind[Any], portal: Portal, *, ids: Sequence[int], actor: Actor) -> list[int]:
    """The same of those only that nothing names. What was found free a moment ago is asked again under lock."""
    return _purge(kind, portal, untied(kind, portal, binned(portal, kind).filter(pk__in=ids)), actor)


@transaction.atomic
def change_keeping(portal: Portal, *, days: int | None, actor: Actor) -> BinSetting:
    """For how many days deleted tickets, contacts, accounts and products are kept; None: until somebody erases them."""
    require(portal, actor, "may_administer")
    values = {"keep_days": days, "changed_at": clock.now(), "changed_by_name": actor.name}
    setting, _created = BinSetting.objects.update_or_create(portal=portal, defaults=values)
    write_fact(Fact(portal.tenant, "desk.bin.changed", "desk.portal", portal.pk, {"keep_days": days}), actor)
    return setting


def _purge(kind: Kind[Any], portal: Portal, rows: QuerySet[Any], actor: Actor) -> list[int]:
    chosen = list(rows.order_by("pk").select_for_update(of=("self",)))
    wanted = [record.pk for record in chosen]
    everything = [*chosen, *merged_into(kind, portal, wanted)]
    ids = [record.pk for record in everything]
    untie(kind, portal, everything, actor)
    forget_merges(portal, kind.name, ids)
    empty_events(portal, kind.name, ids)
    _forget_figures(portal, kind, ids)
    now = clock.now()
    for record in everything:
        record.erased_at = now
        empty_row(kind, record)
    event_kind = f"desk.{kind.name}"
    write_facts([Fact(portal.tenant, f"{event_kind}.purged", event_kind, pk) for pk in ids], actor)
    return wanted


def _forget_figures(portal: Portal, kind: Kind[Any], ids: Sequence[int]) -> None:
    """All zero, since no ticket names them any more. With a product go the departments that offer it."""
    if kind.model is Product:
        Product.departments.through.objects.filter(product_id__in=ids).delete()
        ProductTally.objects.filter(portal=portal, product_id__in=ids).delete()
    else:
        CustomerTally.objects.filter(portal=portal, **{f"{kind.name}_id__in": ids}).delete()
