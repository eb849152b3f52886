"""Putting tags on tickets and taking them off."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_facts
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.ticket_search.actions import add_words, index_tickets
from kakehashi.desk.tickets.actions import lock_tickets

from .models import TagUse, TicketTag

LONGEST = 40
MOST_TAGS = 2_000
MOST_ON_A_TICKET = 30


@transaction.atomic
def add_tag(portal: Portal, *, ticket_ids: Sequence[int], name: str, actor: Actor) -> set[int]:
    """The tickets that did not have it. A new word becomes a tag. Raises `InvalidValues`."""
    require(portal, actor, "may_update")
    tickets = lock_tickets(portal, ticket_ids)
    tag = _tag_named(portal, name)
    before = names_by_ticket([ticket.pk for ticket in tickets])
    new = [ticket for ticket in tickets if tag.name not in before[ticket.pk]]
    if any(len(before[ticket.pk]) >= MOST_ON_A_TICKET for ticket in new):
        raise InvalidValues({"tag": _("At most %(limit)s tags on a ticket.") % {"limit": MOST_ON_A_TICKET}})
    TagUse.objects.bulk_create([TagUse(ticket=ticket, tag=tag) for ticket in new])
    add_words(portal.pk, [(ticket.pk, tag.name) for ticket in new])
    _tell(portal, {ticket.pk: (before[ticket.pk], sorted([*before[ticket.pk], tag.name])) for ticket in new}, actor)
    return {ticket.pk for ticket in new}


@transaction.atomic
def remove_tag(portal: Portal, *, ticket_ids: Sequence[int], name: str, actor: Actor) -> set[int]:
    """The tickets that had it."""
    require(portal, actor, "may_update")
    tickets = lock_tickets(portal, ticket_ids)
    uses = TagUse.objects.filter(ticket__in=tickets, tag__portal=portal, tag__name_normal=normal_tag(name))
    before = names_by_ticket([ticket.pk for ticket in tickets])
    had = {use.ticket_id: use.tag.name for use in uses.select_related("tag")}
    uses.delete()
    index_tickets(had)
    _tell(portal, {pk: (before[pk], [one for one in before[pk] if one != tag]) for pk, tag in had.items()}, actor)
    return set(had)


def names_by_ticket(ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    """In order of name; one query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    uses = TagUse.objects.filter(ticket_id__in=ticket_ids).order_by("tag__name_normal")
    for ticket_id, name in uses.values_list("ticket_id", "tag__name"):
        found[ticket_id].append(name)
    return found


def normal_tag(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:80]


def _tag_named(portal: Portal, name: str) -> TicketTag:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy or len(tidy) > LONGEST:
        raise InvalidValues({"tag": _("A tag has 1 to %(limit)s characters.") % {"limit": LONGEST}})
    found = TicketTag.objects.filter(portal=portal, name_normal=normal_tag(tidy)).first()
    if found is None and TicketTag.objects.filter(portal=portal).count() >= MOST_TAGS:
        raise InvalidValues({"tag": _("There are very many tags already. Use one of them.")})
    return (
        found
        or TicketTag.objects.get_or_create(portal=portal, name_normal=normal_tag(tidy), defaults={"name": tidy})[0]
    )


def _tell(portal: Portal, changes: dict[int, tuple[list[str], list[str]]], actor: Actor) -> None:
    facts = [
        Fact(
            portal.tenant,
            "desk.ticket.updated",
            "desk.ticket",
            pk,
            {"changes": {"tags": [", ".join(old), ", ".join(new)]}},
        )
        for pk, (old, new) in changes.items()
    ]
    write_facts(facts, actor)
