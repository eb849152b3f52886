"""Fills the Desk: departments, seats, products, and every ticket by the deeds that made it, in the order of their times."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice

from kakehashi.assembly.demo.catalogue import PRODUCTS
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.deeds import Deed, deeds_of, is_assigned_at_once
from kakehashi.assembly.demo.files import files_of
from kakehashi.assembly.demo.staff import STAFF, SUPPORT_ADDRESS, SUPPORT_ADDRESS_ABROAD
from kakehashi.assembly.demo.tickets import PlannedTicket
from kakehashi.assembly.demo.wording import as_html, quoted
from kakehashi.assembly.demo.world import World
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.portals.actions import add_agent, create_department, update_department
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.products.actions import write_products
from kakehashi.desk.products.models import Product
from kakehashi.desk.ratings.actions import rate_ticket
from kakehashi.desk.records.writing import Draft
from kakehashi.desk.tickets.actions import close_ticket, open_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

_DAYS_BEFORE = 91


def furnish_portal(portal: Portal, people: Mapping[str, Person], now: datetime) -> None:
    """Two departments, a seat for each colleague who has one, and the products that customers ask about."""
    administrator = people["takase"].as_actor()
    with clock.frozen_at(now - timedelta(days=_DAYS_BEFORE)):
        update_department(
            portal.departments.all()[0],
            name="国内サポート",
            mail_address=SUPPORT_ADDRESS,
            mail_name="みなも計測 サポート窓口",
            actor=administrator,
        )
        create_department(
            portal,
            name="海外サポート",
            mail_address=SUPPORT_ADDRESS_ABROAD,
            mail_name="Minamo Keisoku Support",
            actor=administrator,
        )
        for colleague in STAFF:
            if colleague.desk and colleague.key != "takase":
                add_agent(portal, person=people[colleague.key], role=colleague.desk, actor=administrator)
        _add_products(portal, administrator)


def _add_products(portal: Portal, actor: Actor) -> None:
    known = set(Product.objects.filter(portal=portal).values_list("product_code", flat=True))
    drafts = [
        Draft({"productName": product.name, "productCode": product.code, "unitPrice": product.price})
        for product in PRODUCTS
        if product.code not in known
    ]
    write_products(portal, drafts=drafts, actor=actor)


def fill_tickets(
    portal: Portal, world: World, people: Mapping[str, Person], say_progress: Callable[[int], None]
) -> None:
    """Deeds of all tickets together, by time: numbers, history and events then grow as they would have."""
    desk = _Desk(portal, people)
    deeds = sorted(
        (deed for ticket in world.tickets for deed in deeds_of(ticket)), key=lambda deed: (deed.at, deed.ticket.key)
    )
    waiting, done = iter(deeds), 0
    while some := list(islice(waiting, len(deeds) // 5 + 1)):
        for deed in some:
            with clock.frozen_at(deed.at):
                desk.do(deed)
        done += len(some)
        say_progress(done * 100 // len(deeds))


class _Desk:
    """Remembers which ticket a plan has become."""

    def __init__(self, portal: Portal, people: Mapping[str, Person]) -> None:
        self.portal = portal
        self.people = people
        self.agents = {agent.person.email: agent.pk for agent in portal.agents.select_related("person")}
        self.products = dict(Product.objects.filter(portal=portal).values_list("product_code", "pk"))
        self.departments: list[Department] = list(portal.departments.all())
        self.tickets: dict[int, Ticket] = {}
        self.deeds: Mapping[str, Callable[[Deed, Actor], object]] = {
            "open": self._open,
            "receive": self._receive,
            "reply": self._reply,
            "comment": self._comment,
            "assign": self._assign,
            "status": self._change_status,
            "close": lambda deed, actor: close_ticket(self.tickets[deed.ticket.key], actor=actor),
            "rate": self._rate,
        }

    def do(self, deed: Deed) -> None:
        self.deeds[deed.kind](deed, self._actor(deed))

    def _actor(self, deed: Deed) -> Actor:
        if deed.by == "system":
            return SYSTEM
        if deed.by == "customer":
            return Actor(person_id=None, name=deed.ticket.customer.full_name, origin="mail")
        return self.people[deed.by].as_actor()

    def _agent(self, key: str) -> int:
        return self.agents[self.people[key].email]

    def _open(self, deed: Deed, actor: Actor) -> None:
        plan = deed.ticket
        customer, story = plan.customer, plan.story
        assignee = self._agent(plan.assignee) if is_assigned_at_once(plan) else None
        self.tickets[plan.key] = open_ticket(
            self.portal,
            department=self.departments[0 if customer.language == "ja" else -1],
            subject=plan.subject,
            description_html=as_html(plan.said[0].text),
            contact_email=customer.email,
            contact_last_name=customer.name.family,
            contact_first_name=customer.name.given,
            values={
                "priority": story.priority,
                "channel": plan.channel,
                "classification": story.kind,
                "category": story.category,
                "assigneeId": assignee,
                "productId": self.products[plan.product],
                "responseDueDate": plan.course.respond_by,
                "dueDate": plan.course.resolve_by,
            },
            uploads=[NewFile(file.name, file.content_type, file.content) for file in files_of(plan)],
            actor=actor,
            at=deed.at,
        )

    def _receive(self, deed: Deed, actor: Actor) -> None:
        plan, said = deed.ticket, deed.ticket.said[deed.said]
        html = as_html(said.text)
        if said.quotes is not None:
            earlier = plan.said[said.quotes]
            html += quoted(earlier.text, earlier.at, _writer_of(plan, said.quotes), plan.customer.language)
        receive_message(
            self.tickets[plan.key],
            sender=_address_of(plan.customer),
            to=[_support_address(plan)],
            subject=f"Re: {plan.subject}",
            html=html,
            actor=actor,
            at=deed.at,
        )

    def _reply(self, deed: Deed, actor: Actor) -> None:
        plan = deed.ticket
        send_reply(
            self.tickets[plan.key],
            html=as_html(plan.said[deed.said].text),
            to=[_address_of(plan.customer)],
            actor=actor,
            at=deed.at,
            sent_at=deed.at,
        )

    def _comment(self, deed: Deed, actor: Actor) -> None:
        words = as_html(deed.ticket.said[deed.said].text)
        add_comment(self.tickets[deed.ticket.key], html=words, actor=actor, at=deed.at)

    def _assign(self, deed: Deed, actor: Actor) -> None:
        values = {"assigneeId": self._agent(deed.value)}
        update_ticket(self.tickets[deed.ticket.key], values=values, actor=actor)

    def _change_status(self, deed: Deed, actor: Actor) -> None:
        update_ticket(self.tickets[deed.ticket.key], values={"status": deed.value}, actor=actor)

    def _rate(self, deed: Deed, actor: Actor) -> None:
        course = deed.ticket.course
        rate_ticket(
            self.tickets[deed.ticket.key], rating=course.rating, comment=course.rating_text, actor=actor, at=deed.at
        )


def _address_of(customer: Customer) -> str:
    return str(Address(customer.full_name, customer.email))


def _support_address(plan: PlannedTicket) -> str:
    return SUPPORT_ADDRESS if plan.customer.language == "ja" else SUPPORT_ADDRESS_ABROAD


def _writer_of(plan: PlannedTicket, number: int) -> str:
    if plan.said[number].by == "customer":
        return _address_of(plan.customer)
    return str(Address(plan.said[number].author.email.partition("@")[0], _support_address(plan)))
