"""The tickets of some customers, page by page: found by account and by contact, each once, in one order."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random

import pytest
from django.db.models import Q, QuerySet

from kakehashi.core.filters.definition import Filter
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ticket_views.of_customers import Whose, fitting_tickets, read_customers_page
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_account, make_contact, make_ticket

pytestmark = pytest.mark.django_db
BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
SIZE = 4


@pytest.fixture
def whose(portal: Portal) -> Whose:
    """Of forty tickets some are the account's, some a contact's for another account or for none, some both, some nobody's."""
    own, other = make_account(portal, accountName="月見坂食品"), make_account(portal, accountName="霧ヶ丘電機")
    inside, beside = make_contact(portal, lastName="相沢"), make_contact(portal, lastName="早川")
    chance = Random(7)  # noqa: S311 - the same tickets each time
    for number in range(40):
        ticket = make_ticket(portal, contact=chance.choice([inside, beside]))
        at = BEGUN + timedelta(hours=chance.randrange(20))  # several have the same moment
        Ticket.objects.filter(pk=ticket.pk).update(
            account=chance.choice([own, own, other, None]),
            created_at=at,
            last_activity_at=at + timedelta(hours=number % 3),
            due_at=None if number % 4 == 0 else at + timedelta(days=2),
        )
    return Whose(contact_ids=(inside.pk,), account_ids=(own.pk,))


def pages(portal: Portal, whose: Whose, sort: str) -> list[list[int]]:
    """All pages of it, forward."""
    found, after = [], ""
    while True:
        page = read_customers_page(rows(portal), whose, sort, after=after, size=SIZE, is_usual=True)
        found.append([ticket.pk for ticket in page.rows])
        if not page.next:
            return found
        after = page.next


def rows(portal: Portal) -> QuerySet[Ticket]:
    return fitting_tickets(portal, None, asked=Filter(), subjects={})


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-activity", ("-last_activity_at", "-pk")),
        ("activity", ("last_activity_at", "pk")),
        ("-created", ("-created_at", "-pk")),
        ("created", ("created_at", "pk")),
    ],
)
def test_pages_hold_each_ticket_once_in_the_order_of_all(
    portal: Portal, whose: Whose, sort: str, order: tuple[str, ...]
) -> None:
    theirs = Q(account_id__in=whose.account_ids) | Q(contact_id__in=whose.contact_ids)
    expected = list(Ticket.objects.filter(theirs).order_by(*order).values_list("pk", flat=True))
    assert 20 < len(expected) < 40
    assert list(chain(*pages(portal, whose, sort))) == expected


@pytest.mark.parametrize("part", ["contact_ids", "account_ids"])
def test_one_of_the_two_alone_is_enough(portal: Portal, whose: Whose, part: str) -> None:
    alone = Whose(**{part: getattr(whose, part)})
    column = part.replace("_ids", "_id__in")
    expected = Ticket.objects.filter(**{column: getattr(whose, part)}).order_by("-last_activity_at", "-pk")
    assert list(chain(*pages(portal, alone, "-activity"))) == list(expected.values_list("pk", flat=True))
    assert pages(portal, Whose(), "-activity") == [[]]


def test_backwards_they_are_the_same_pages(portal: Portal, whose: Whose) -> None:
    first = read_customers_page(rows(portal), whose, "-activity", size=SIZE)
    second = read_customers_page(rows(portal), whose, "-activity", after=first.next, size=SIZE)
    back = read_customers_page(rows(portal), whose, "-activity", before=second.previous, size=SIZE)
    assert [ticket.pk for ticket in back.rows] == [ticket.pk for ticket in first.rows]
