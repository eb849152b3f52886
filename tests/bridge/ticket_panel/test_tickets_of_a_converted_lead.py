"""A lead's tickets are its contact's after the conversion, and its own again when that is taken back (lesson A16)."""

from collections.abc import Callable

import pytest

from kakehashi.bridge.related_lists.queries import party_of
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.leads.undoing import revert
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.models import Record
from kakehashi.desk.tickets.models import Ticket
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import make_contact, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("R3")]


def tickets_on(joined: Joined, module: str, record: Record) -> list[Ticket]:
    crm = crm_side(joined.org.pk)
    party = party_of(joined.connection, crm, crm.fetch(module, [record.pk])[record.pk])
    by_link = Ticket.objects.filter(portal=joined.portal, contact_id__in=party.contact_ids)
    by_address = Ticket.objects.filter(portal=joined.portal, contact__email_normal__in=party.emails)
    return list((by_link | by_address).distinct())


def test_tickets_stay_with_the_person(drain: Callable[[], int]) -> None:
    joined = make_joined()
    writer = make_contact(joined.portal, email="misaki@tsukimizaka.example")
    ticket = make_ticket(joined.portal, contact=writer)
    lead = make_record(joined.org, "Leads", Email="misaki@tsukimizaka.example")
    assert tickets_on(joined, "Leads", lead) == [ticket]
    schema = schema_of(joined.org)
    plan = ConversionPlan(contact=Into())
    done = convert_lead(schema, lead.pk, version=None, plan=plan, actor=SYSTEM)
    assert done.contact is not None
    assert tickets_on(joined, "Contacts", done.contact) == [ticket], "by e-mail, before the sync looked"
    drain()
    assert tickets_on(joined, "Contacts", done.contact) == [ticket], "by link"
    revert(schema, done, actor=SYSTEM)
    drain()
    writer.refresh_from_db()
    assert writer.deleted_at is None, "it has tickets"
    assert tickets_on(joined, "Leads", lead) == [ticket]
