"""What every customer base has: people who are in it twice, two who were merged, and something in the recycle bin."""

from datetime import datetime, timedelta

from kakehashi.assembly.demo.world import World
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.desk.customers.actions import create_contact, delete_contact
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.record_merging.actions import merge_records


def add_doubles(portal: Portal, world: World, now: datetime, actor: Actor) -> None:
    """Of the customers that the tour meets first. Nothing of it is synced: these records are the Desk's alone."""
    known = Contact.objects.filter(portal=portal, email__in=[one.email for one in world.contacts[:3]]).order_by("pk")
    for place, contact in enumerate(known[:2]):
        local = contact.email.partition("@")[0]
        values = {
            "lastName": contact.last_name,
            "firstName": contact.first_name,
            "phone": contact.phone,
            "email": f"{local}@mail{place}.example",
        }
        with clock.frozen_at(now - timedelta(days=40 - place)):
            twin = create_contact(portal, values=values, actor=Actor(None, contact.name, "mail"))
        if place == 0:
            with clock.frozen_at(now - timedelta(days=12)):
                _merge(contact, twin, actor)
    with clock.frozen_at(now - timedelta(days=5)):
        values = {"lastName": "テスト送信", "email": "test@mail0.example"}
        delete_contact(create_contact(portal, values=values, actor=actor), actor=actor)


def _merge(survivor: Contact, twin: Contact, actor: Actor) -> None:
    versions = {one.pk: one.version for one in (survivor, twin)}
    merge_records(survivor.portal, CONTACT, survivor_id=survivor.pk, versions=versions, values={}, actor=actor)
