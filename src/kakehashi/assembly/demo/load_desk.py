"""Fills the Desk: departments, seats, products, and every ticket with its past."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from kakehashi.assembly.demo.catalogue import PRODUCTS
from kakehashi.assembly.demo.courses import RESOLVE_MINUTES, RESPOND_MINUTES
from kakehashi.assembly.demo.load_teams import give_to_teams, make_teams
from kakehashi.assembly.demo.moments import DAYS
from kakehashi.assembly.demo.past import PastMaker
from kakehashi.assembly.demo.staff import STAFF, SUPPORT_ADDRESS, SUPPORT_ADDRESS_ABROAD
from kakehashi.assembly.demo.world import World
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.customers.actions import write_contacts
from kakehashi.desk.customers.matching import contacts_with_email
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.past.actions import write_past_tickets
from kakehashi.desk.portals.actions import add_agent, create_department, update_department
from kakehashi.desk.portals.models import FiguresBasis, Portal
from kakehashi.desk.products.actions import write_products
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.writing import Draft
from kakehashi.desk.targets.actions import TargetDraft, choose_figures, create_targets
from kakehashi.identity.people.models import Person


def furnish_portal(portal: Portal, people: Mapping[str, Person], now: datetime) -> None:
    """Two departments, a seat for each colleague who has one, and the products that customers ask about."""
    administrator = people["takase"].as_actor()
    with clock.frozen_at(now - timedelta(days=DAYS + 1)):
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
        _promise(portal, administrator)
        make_teams(portal, people, administrator)


def _promise(portal: Portal, actor: Actor) -> None:
    """How soon tickets are answered and solved, in business hours; averages count these, too."""
    minutes = {priority: (RESPOND_MINUTES[priority], RESOLVE_MINUTES[priority]) for priority in ("High", "Low")}
    others = (RESPOND_MINUTES["Medium"], RESOLVE_MINUTES["Medium"])
    create_targets(portal, TargetDraft(minutes={**minutes, "": others}), actor=actor)
    choose_figures(portal, basis=FiguresBasis.WORKING, actor=actor)


def _add_products(portal: Portal, actor: Actor) -> None:
    known = set(Product.objects.filter(portal=portal).values_list("product_code", flat=True))
    drafts = [
        Draft({"productName": product.name, "productCode": product.code, "unitPrice": product.price})
        for product in PRODUCTS
        if product.code not in known
    ]
    write_products(portal, drafts=drafts, actor=actor)


def fill_tickets(portal: Portal, world: World, people: Mapping[str, Person]) -> None:
    """Every ticket with its past. Who is not among the synced contacts becomes one of the Desk alone."""
    contacts = _contacts(portal, world, people)
    make = PastMaker(portal, people, contacts)
    tickets = [make.ticket(plan) for plan in world.tickets]
    write_past_tickets(portal, tickets=tickets, actor=people["takase"].as_actor())
    give_to_teams(portal, people)


def _contacts(portal: Portal, world: World, people: Mapping[str, Person]) -> Mapping[str, Contact]:
    """By address, of everybody who has asked something."""
    customers = {plan.customer.email: plan.customer for plan in world.tickets}
    known = {contact.email for contact in contacts_with_email(portal, customers)}
    drafts = [
        Draft({"lastName": one.name.family, "firstName": one.name.given, "email": one.email, "phone": one.phone})
        for one in customers.values()
        if one.email not in known
    ]
    write_contacts(portal, drafts=drafts, actor=people["takase"].as_actor())
    return {contact.email: contact for contact in contacts_with_email(portal, customers)}
