"""Planned tickets as the Desk takes them in."""

from collections.abc import Callable, Mapping

from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.deeds import Deed, deeds_of, is_assigned_at_once, opened_by
from kakehashi.assembly.demo.files import files_of
from kakehashi.assembly.demo.staff import SUPPORT_ADDRESS, SUPPORT_ADDRESS_ABROAD
from kakehashi.assembly.demo.tickets import PlannedTicket
from kakehashi.assembly.demo.wording import as_html, quoted
from kakehashi.core.actors import SYSTEM, Actor
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.past.deeds import (
    PastAnswer,
    PastAssignment,
    PastComment,
    PastDeed,
    PastMail,
    PastRating,
    PastStatus,
    PastTicket,
)
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.products.models import Product
from kakehashi.identity.people.models import Person


class PastMaker:
    """Knows what names, addresses and codes mean in one portal."""

    def __init__(self, portal: Portal, people: Mapping[str, Person], contacts: Mapping[str, Contact]) -> None:
        self.people = people
        self.contacts = contacts
        agents = {agent.person_id: agent for agent in portal.agents.select_related("person")}
        self.agents = {key: agents[person.pk] for key, person in people.items() if person.pk in agents}
        self.products = {product.product_code: product for product in Product.objects.filter(portal=portal)}
        self.departments: list[Department] = list(portal.departments.all())
        self.made: Mapping[str, Callable[[Deed, Actor], PastDeed]] = {
            "receive": _mail,
            "reply": _answer,
            "comment": lambda deed, actor: PastComment(deed.at, actor, as_html(_words(deed))),
            "assign": lambda deed, actor: PastAssignment(deed.at, actor, self.agents[deed.value]),
            "status": lambda deed, actor: PastStatus(deed.at, actor, deed.value),
            "rate": _rating,
        }

    def ticket(self, plan: PlannedTicket) -> PastTicket:
        story, customer = plan.story, plan.customer
        return PastTicket(
            at=plan.opened_at,
            actor=self._actor(opened_by(plan), plan),
            department=self.departments[0 if customer.language == "ja" else -1],
            subject=plan.subject,
            description_html=as_html(plan.said[0].text),
            contact=self.contacts[customer.email],
            texts={
                "priority": story.priority,
                "channel": plan.channel,
                "classification": story.kind,
                "category": story.category,
            },
            product=self.products[plan.product],
            assignee=self.agents[plan.assignee] if is_assigned_at_once(plan) else None,
            due_at=plan.course.resolve_by if plan.course.has_own_due else None,
            deeds=[self.made[deed.kind](deed, self._actor(deed.by, plan)) for deed in deeds_of(plan)],
            uploads=[NewFile(file.name, file.content_type, file.content) for file in files_of(plan)],
        )

    def _actor(self, by: str, plan: PlannedTicket) -> Actor:
        if by == "system":
            return SYSTEM
        if by == "customer":
            return Actor(person_id=None, name=plan.customer.full_name, origin="mail")
        return self.people[by].as_actor()


def _mail(deed: Deed, actor: Actor) -> PastMail:
    plan, said = deed.ticket, deed.ticket.said[deed.said]
    html = as_html(said.text)
    if said.quotes is not None:
        earlier = plan.said[said.quotes]
        html += quoted(earlier.text, earlier.at, _writer_of(plan, said.quotes), plan.customer.language)
    return PastMail(deed.at, actor, html, _address_of(plan.customer), (_support_address(plan),))


def _answer(deed: Deed, actor: Actor) -> PastAnswer:
    return PastAnswer(deed.at, actor, as_html(_words(deed)), (_address_of(deed.ticket.customer),))


def _rating(deed: Deed, actor: Actor) -> PastRating:
    course = deed.ticket.course
    return PastRating(deed.at, actor, course.rating, course.rating_text)


def _words(deed: Deed) -> str:
    return deed.ticket.said[deed.said].text


def _address_of(customer: Customer) -> str:
    return str(Address(customer.full_name, customer.email))


def _support_address(plan: PlannedTicket) -> str:
    return SUPPORT_ADDRESS if plan.customer.language == "ja" else SUPPORT_ADDRESS_ABROAD


def _writer_of(plan: PlannedTicket, number: int) -> str:
    """As the Desk signs its mails: the department, not the person."""
    if plan.said[number].by == "customer":
        return _address_of(plan.customer)
    name = "みなも計測 サポート窓口" if plan.customer.language == "ja" else "Minamo Keisoku Support"
    return str(Address(name, _support_address(plan)))
