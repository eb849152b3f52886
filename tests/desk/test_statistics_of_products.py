"""Statistics of products, products beside each other, and the latest ratings."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.desk.portals.actions import create_department
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.products.models import Product
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.statistics.queries import Products, by_product, statistics
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.recounting import wrong_figures
from kakehashi.ui.statistics.periods import Period
from tests.makers.desk import MAKER, make_contact, make_portal, make_ticket

from .conftest import People

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


def _product(portal: Portal, name: str) -> Product:
    return create_product(portal, values={"productName": name}, actor=MAKER)


def _about(product: Product, *, days_ago: int = 0, department: Department | None = None) -> Ticket:
    with clock.frozen_at(NOW - timedelta(days=days_ago)):
        return make_ticket(product.portal, values={"productId": product.pk}, department=department)


def _total(product: Product, period: Period, seen: list[int] | None = None) -> int:
    with clock.frozen_at(NOW):
        return statistics(product.portal, Products((product.pk,)), period=period, department_ids=seen).summary.total


@pytest.mark.spec("N1")
def test_a_products_figures_are_those_of_the_tickets_about_it(portal: Portal) -> None:
    logger, cable = _product(portal, "Logger"), _product(portal, "Cable")
    old, new = _about(logger, days_ago=200), _about(logger, days_ago=3)
    _about(cable, days_ago=3)
    assert [_total(logger, one) for one in (Period.THIS_WEEK, Period.LAST_12_MONTHS, Period.ALL)] == [1, 2, 2]
    close_ticket(old, actor=MAKER)
    rate_ticket(old, rating="good", actor=MAKER)
    update_ticket(new, values={"productId": cable.pk}, actor=MAKER)
    with clock.frozen_at(NOW):
        summary = statistics(portal, Products((logger.pk,)), period=Period.ALL).summary
    assert (summary.total, summary.closed, summary.good) == (1, 1, 1)
    assert _total(cable, Period.ALL) == 2
    assert wrong_figures(portal) == 0


def test_products_stand_beside_each_other_the_one_with_most_tickets_first(portal: Portal) -> None:
    names = ("Logger", "Cable", "Never asked about")
    logger, cable, _never = (_product(portal, name) for name in names)
    for product, count in ((logger, 1), (cable, 2)):
        for _ in range(count):
            _about(product)
    elsewhere = make_portal()
    _about(_product(elsewhere, "Logger"))
    with clock.frozen_at(NOW):
        found = by_product(portal, period=Period.LAST_30_DAYS)
    assert {pk: one.total for pk, one in found.items()} == {cable.pk: 2, logger.pk: 1}
    assert list(found) == [cable.pk, logger.pk]


def test_who_is_bound_to_a_department_sees_its_share_only(portal: Portal, people: People) -> None:
    abroad = create_department(portal, name="Abroad", actor=MAKER)
    logger = _product(portal, "Logger")
    seen, hidden = _about(logger), _about(logger, department=abroad)
    for ticket in (seen, hidden):
        rate_ticket(ticket, rating="bad", comment=f"No good {ticket.number}", actor=MAKER)
    people.agent.agent.departments.set([seen.department])
    assert _total(logger, Period.ALL, [seen.department_id]) == 1
    address = reverse("desk_product_statistics", args=[portal.pk, logger.pk])
    with clock.frozen_at(NOW):
        page = people.client_of("agent").get(address).content.decode()
    assert f"No good {seen.number}" in page
    assert f"No good {hidden.number}" not in page
    assert people.client_of("stranger").get(address).status_code == 404


def test_the_latest_ratings_come_first_and_lead_to_their_tickets(portal: Portal, people: People) -> None:
    contact = make_contact(portal)
    first, second, gone = (make_ticket(portal, contact=contact) for _ in range(3))
    for ticket, rating in ((first, "good"), (second, "bad"), (gone, "okay")):
        rate_ticket(ticket, rating=rating, comment=f"Said of {ticket.number}", actor=MAKER)
    delete_ticket(gone, actor=MAKER)
    client = people.client_of("agent")
    for name, args in (("desk_statistics", []), ("desk_contact_statistics", [contact.pk])):
        answer = client.get(reverse(name, args=[portal.pk, *args]))
        assert answer.context["latest_ratings"] == [second, first]
        assert f"Said of {second.number}" in answer.content.decode()
        assert reverse("desk_ticket", args=[portal.pk, second.pk]) in answer.content.decode()


def test_the_page_of_the_departments_leads_to_each_product(portal: Portal, people: People) -> None:
    logger = _product(portal, "Logger")
    make_ticket(portal, values={"productId": logger.pk})
    address = reverse("desk_product_statistics", args=[portal.pk, logger.pk])
    assert address in people.client_of("agent").get(reverse("desk_statistics", args=[portal.pk])).content.decode()
    page = people.client_of("agent").get(reverse("desk_product", args=[portal.pk, logger.pk])).content.decode()
    assert address in page


def test_more_products_and_ratings_cost_no_more_queries(portal: Portal, people: People) -> None:
    client, address = people.client_of("agent"), reverse("desk_statistics", args=[portal.pk])

    def add() -> None:
        ticket = make_ticket(portal, values={"productId": _product(portal, "Logger").pk})
        rate_ticket(ticket, rating="good", actor=MAKER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    add()
    cost()
    few = cost()
    for _ in range(4):
        add()
    assert cost() == few
