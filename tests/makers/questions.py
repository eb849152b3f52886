"""A question from the Desk to somebody in the CRM."""

from kakehashi.bridge.connection.queries import connection_of_portal
from kakehashi.bridge.questions.models import Question, Reader
from kakehashi.core import clock
from kakehashi.crm.records.models import Record
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person


def make_question(portal: Portal, person: Person) -> Question:
    """About the portal's first ticket and the org's first contact, put to a person by themselves."""
    connection = connection_of_portal(portal.pk)
    assert connection is not None
    ticket = Ticket.objects.filter(portal=portal, deleted_at=None).order_by("pk")[0]
    record = Record.objects.filter(org_id=connection.org_id, module__api_name="Contacts", deleted_at=None)[0]
    question = Question.objects.create(
        connection=connection,
        ticket_id=ticket.pk,
        ticket_number=ticket.number,
        ticket_subject=ticket.subject,
        module="Contacts",
        record_id=record.pk,
        record_name=record.name,
        text="When?",
        asked_by_id=person.pk,
        asked_by_name=person.name,
        asked_id=person.pk,
        asked_name=person.name,
        due_at=clock.now(),
    )
    Reader.objects.create(question=question, person_id=person.pk)
    return question
