"""Makes the demo, step by step. Each step is done whole or not at all, so that a demo that was cut off goes on where it was."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kakehashi.assembly.demo.bells import ring_bells
from kakehashi.assembly.demo.disagreements import add_disagreements
from kakehashi.assembly.demo.load_crm import fill_crm
from kakehashi.assembly.demo.load_desk import fill_tickets, furnish_portal
from kakehashi.assembly.demo.load_doubles import add_doubles
from kakehashi.assembly.demo.load_people import find_people, make_people, offer_sign_ins
from kakehashi.assembly.demo.moments import DAYS
from kakehashi.assembly.demo.sales import add_sales
from kakehashi.assembly.demo.staff import COMPANY, PASSWORD, PORTAL, STAFF
from kakehashi.assembly.demo.world import World, make_world
from kakehashi.bridge.connection.actions import connect
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import portals
from kakehashi.core import clock
from kakehashi.core.errors import Text
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.orgs.models import Org
from kakehashi.desk.portals.models import Portal
from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.models import DemoSignIn

DEMO_PASSWORD = PASSWORD

Say = Callable[[Text], None]


def load_demo(say: Callable[[str], None] = lambda _line: None) -> bool:
    """Fill an empty installation; `say` hears of each step, in the language of the terminal.

    Answers False, and does nothing, where people work already or the demo is complete.
    """
    first = Person.objects.filter(email=STAFF[0].email).exists()
    if DemoSignIn.objects.exists() or (Person.objects.exists() and not first):
        return False

    def tell(line: Text) -> None:
        with override(terminal_language()):
            say(str(line))

    now = clock.now()
    world = make_world(now)
    org = _org() or _begin(world, now, tell)
    connection = Connection.objects.filter(org_id=org.pk).first() or _connect(org, now, tell)
    _synchronise(now, tell)
    add_disagreements(connection, find_people(), now)
    _finish(connection, world, tell)
    return True


def terminal_language() -> str:
    """What the terminal says of itself, as POSIX orders it."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ja" if said.startswith("ja") else "en"


def _org() -> Org | None:
    return Org.objects.filter(name=COMPANY, memberships__person__email=STAFF[0].email).first()


@transaction.atomic
def _begin(world: World, now: datetime, say: Say) -> Org:
    say(_("Demo: people, companies and deals …"))
    make_people()
    return fill_crm(world, find_people(), now)


@transaction.atomic
def _connect(org: Org, now: datetime, say: Say) -> Connection:
    """Route B: a portal for this org, and the sync of its accounts and contacts."""
    say(_("Demo: connecting the CRM and the Desk …"))
    people = find_people()
    actor = people["takase"].as_actor()
    with clock.frozen_at(now - timedelta(days=DAYS + 1)):
        portal_id = portals().create(PORTAL, actor)
        furnish_portal(Portal.objects.get(pk=portal_id), people, now)
        return connect(org_id=org.pk, portal_id=portal_id, modules=["accounts", "contacts"], actor=actor)


def _synchronise(now: datetime, say: Say) -> None:
    """As it was when they were connected; a worker that runs already does the same work."""
    say(_("Demo: first sync of accounts and contacts …"))
    with clock.frozen_at(now - timedelta(days=DAYS + 1)):
        run_until_idle()


@transaction.atomic
def _finish(connection: Connection, world: World, say: Say) -> None:
    """The sign-ins are offered last: they mark the demo as complete."""
    say(_("Demo: tickets and conversations of a year …"))
    people, portal = find_people(), Portal.objects.get(pk=connection.portal_id)
    fill_tickets(portal, world, people)
    add_sales(connection, people)
    ring_bells(connection)
    add_doubles(portal, world, clock.now(), people["takase"].as_actor())
    offer_sign_ins(people)
