"""Deals in the Desk's list of tickets: what stands in its columns, and whose list may be sorted by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import numeric_day

from .models import Sight
from .queries import deals_of, seen_in_desk
from .sight import reader_for, sight_for


@dataclass(frozen=True, slots=True)
class DealColumn:
    """`key` names the rank that it is sorted by (`ranking.py`); `words` tells what stands in it, by ticket."""

    key: str
    label: Text
    rising: Text
    falling: Text
    words: Callable[[Sequence[int]], Mapping[int, Text]]
    sorts: bool
    is_number: bool = False


def columns_for(portal_id: int, actor: Actor) -> list[DealColumn]:
    """For an agent: none without a connection, or where the connection tells them nothing of deals.

    An order tells of all tickets at once, so that it is offered only to whom nothing that it goes by is hidden.
    """
    connection = connection_of_portal(portal_id)
    if connection is None:
        return []
    crm, desk = crm_side(connection.org_id), desk_side(portal_id)
    level, reader = sight_for(connection, crm, actor), reader_for(connection, crm, actor)
    if level == Sight.NOTHING:
        return []
    see = seen_in_desk(connection, crm, actor)

    @cache
    def found(ids: tuple[int, ...]) -> Mapping[int, Sequence[Deal]]:
        return deals_of(connection, desk, ids, see)

    def column(key: str, label: Text, orders: tuple[Text, Text], tell: _Tell, *, has_amounts: bool) -> DealColumn:
        sorts = reader != actor or crm.sees_all_deals(actor, with_amounts=has_amounts)

        def words(ids: Sequence[int]) -> Mapping[int, Text]:
            return {one: tell(deals) for one, deals in found(tuple(ids)).items()}

        return DealColumn(key, label, *orders, words, sorts, is_number=has_amounts)

    columns = [column("deal_closing", _("Deal closes"), _BY_CLOSING, _closing, has_amounts=False)]
    if level == Sight.AMOUNT:
        columns.append(column("deal_amount", _("Deal amount"), _BY_AMOUNT, _amount, has_amounts=True))
    return columns


_Tell = Callable[[Sequence[Deal]], Text]
_BY_CLOSING = (_("Deal closes soonest"), _("Deal closes latest"))
_BY_AMOUNT = (_("Smallest deal"), _("Largest deal"))


def _closing(deals: Sequence[Deal]) -> str:
    """The day, and which deal; of several open ones that which closes first."""
    dated = sorted((deal.closing, deal.name) for deal in deals if deal.is_open and deal.closing)
    if not dated:
        return pgettext("between deals", ", ").join(deal.name for deal in deals)
    return f"{numeric_day(dated[0][0])} {dated[0][1]}"


def _amount(deals: Sequence[Deal]) -> str:
    """Of several open ones the largest."""
    valued = [deal for deal in deals if deal.is_open and deal.amount is not None]
    return max(valued, key=lambda deal: deal.amount or 0).amount_text if valued else ""
