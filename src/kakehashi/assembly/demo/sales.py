"""Where support and sales meet in the demo: tickets linked to the deals that they may cost, and questions to the owners of accounts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.deal_links.actions import link_tickets
from kakehashi.bridge.deal_links.suggesting import customer_deals
from kakehashi.bridge.questions.actions import answer, ask
from kakehashi.bridge.questions.addressees import Addressee, addressees_of
from kakehashi.bridge.sides.deals import Deal
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.tickets.models import IS_OPEN, Ticket
from kakehashi.identity.people.models import Person

_LOOKED_AT = 60
_LINKED = 14
_LEFT_ALONE = 3  # every third has a deal suggested instead
_QUESTIONS = (
    ("増設のお見積もりは、いつごろお届けできますか。\nお客様から今週中に知りたいと言われています。", 6, ""),
    ("障害の件で、次の訪問の予定があれば教えてください。こちらの回答と食い違わないようにしたいです。", 4, ""),
    (
        "年間更新の契約は、値引きなしでご案内してよいでしょうか。",
        8,
        "はい、値引きなしでお願いします。更新のご案内は来週わたしから送ります。",
    ),
)


def add_sales(connection: Connection, people: Mapping[str, Person]) -> None:
    """In the caller's transaction. The deals are the customers' own."""
    actor = people["takase"].as_actor()
    pairs = list(_of_customers_with_deals(connection, actor))[:_LINKED]
    for number, (ticket, deals) in enumerate(pairs, start=1):
        if number % _LEFT_ALONE:
            link_tickets(connection, deals[0], [ticket.pk], actor=actor)
    _ask(connection, [ticket for ticket, _deals in pairs], people)


def _of_customers_with_deals(connection: Connection, actor: Actor) -> Iterator[tuple[Ticket, Sequence[Deal]]]:
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    latest = Ticket.objects.filter(IS_OPEN, portal=connection.portal_id).order_by("-last_activity_at")[:_LOOKED_AT]
    customers = desk.visible_tickets([ticket.pk for ticket in latest], actor)
    for ticket in latest:
        if deals := customer_deals(connection, crm, customers[ticket.pk], actor):
            yield ticket, deals


def _ask(connection: Connection, tickets: Sequence[Ticket], people: Mapping[str, Person]) -> None:
    crm, desk = crm_side(connection.org_id), desk_side(connection.portal_id)
    asker = people["morimoto"].as_actor()
    waiting = iter(_QUESTIONS)
    for ticket in tickets:
        asked = desk.asked_ticket(ticket.pk, asker)
        offered: Sequence[Addressee] = addressees_of(connection, crm, desk, asked, asker)
        if not offered:
            continue
        text, hours, said = next(waiting, ("", 0, ""))
        if not text:
            return
        due_at = clock.now() + timedelta(hours=hours)
        question = ask(connection, asked, offered[0], text=text, due_at=due_at, actor=asker)
        if said:
            owner = Person.objects.get(pk=offered[0].person_id)
            answer(question, text=said, actor=owner.as_actor())
