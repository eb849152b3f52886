"""What our own Desk knows about a customer, for the seam (spec R4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from kakehashi.bridge.sides.tickets import CustomerCard
from kakehashi.core.actors import Actor
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.portals.models import Agent
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.writing import Kind
from kakehashi.desk.tickets.models import IS_LIVE, Ticket
from kakehashi.desk.tickets.statistics import customer_statistics

from .desk_ticket_lists import DeskTicketLists, departments_of

_KINDS: Mapping[str, Kind[Any]] = {"accounts": ACCOUNT, "contacts": CONTACT}
_PAGES = {"accounts": "desk_account", "contacts": "desk_contact"}
_COLUMNS = {"accounts": "account_id", "contacts": "contact_id"}
_LATEST = 200
_NAMED = 5


class DeskCustomers(DeskTicketLists):
    """Implements the part of `DeskSide` about customers for one portal."""

    def customer_card(self, module: str, record_id: int, actor: Actor) -> CustomerCard | None:
        """Seven queries. Agents and products are those of the latest tickets that this person may see."""
        kind, access = _KINDS[module], self._access(actor)
        found: Any = kind.rows().filter(portal=self.portal, pk=record_id, deleted_at=None).defer("search").first()
        if found is None:
            return None
        rows = Ticket.objects.filter(IS_LIVE, portal=self.portal, **{_COLUMNS[module]: record_id})
        if (departments := departments_of(access)) is not None:
            rows = rows.filter(department_id__in=departments)
        latest = list(rows.order_by("-last_activity_at", "-id").values_list("assignee_id", "product_id")[:_LATEST])
        figures = customer_statistics(
            self.portal,
            account_ids=[record_id] if module == "accounts" else (),
            contact_ids=[record_id] if module == "contacts" else (),
            department_ids=departments,
        )
        return CustomerCard(
            name=found.name,
            url=reverse(_PAGES[module], args=[self.portal.pk, found.pk]) if access else "",
            live=f"desk.{kind.name}:{found.pk}",
            fields=tuple((one.label, text) for one in kind.fields if (text := _text(one, found))),
            agents=_agents([agent for agent, _product in latest if agent]),
            products=_products([product for _agent, product in latest if product]),
            good=figures.good,
            okay=figures.okay,
            bad=figures.bad,
        )


def _text(field: Any, found: Any) -> str:
    if field.type == "account":
        return found.account.name if found.account else ""
    value = field.shown(getattr(found, field.column))
    return number_format(value) if isinstance(value, Decimal) else str(value or "")


def _agents(ids: Sequence[int]) -> tuple[str, ...]:
    """Whoever has most of them first."""
    seats = Agent.objects.select_related("person").in_bulk(_most(ids))
    return tuple(seats[one].name for one in _most(ids) if one in seats)


def _products(ids: Sequence[int]) -> tuple[str, ...]:
    products = Product.objects.filter(deleted_at=None).defer("search").in_bulk(_most(ids))
    return tuple(products[one].product_name for one in _most(ids) if one in products)


def _most(ids: Sequence[int]) -> list[int]:
    return [one for one, _count in Counter(ids).most_common(_NAMED)]
