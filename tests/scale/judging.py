"""Nothing lost, nothing twice: everything that was acknowledged is looked for, and counted."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection

from kakehashi.bridge.sync.models import Link
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.intake.models import IncomingMail, MailState
from kakehashi.desk.tickets.models import Ticket

from .deeds import Done
from .world import World

# What people wrote, by the value: the sync's own echoes carry no person.
_EDITS = "SELECT data->'changes'->%s->>1, count(*) FROM core_event WHERE topic = %s AND person_id = ANY(%s) GROUP BY 1"


def findings(world: World, done: Done, left: list[tuple[str, str]]) -> list[str]:
    """Sentences about everything that is not as it should be. `left`: Message-ID and text of the mails that left the house."""
    parts: list[tuple[str, Iterable[str]]] = [
        ("edits in the CRM", _edits(world, done.crm_edits, "crm.record.updated", "Mobile")),
        ("edits in the Desk", _edits(world, done.desk_edits, "desk.contact.updated", "mobile")),
        ("created records", _created(world, done)),
        ("both sides", _both_sides(world)),
        ("mails in", _mails(world, done)),
        ("answers", _answers(world, done)),
        ("mails out", _mails_out(done, left)),
        ("signals", _signals(world, done)),
        ("jobs", _jobs()),
    ]
    return [f"{name}: {sentence}" for name, part in parts for sentence in part]


def _edits(world: World, edits: dict[str, int], topic: str, field: str) -> Iterator[str]:
    """Each is an event of its person, once. That its value then won or was overwritten is judged by `_both_sides` and the journal."""
    with connection.cursor() as cursor:
        cursor.execute(_EDITS, [field, topic, [person.pk for person in world.people]])
        written = dict(cursor.fetchall())
    yield from _once(written, edits)


def _created(world: World, done: Done) -> Iterator[str]:
    emails = Record.objects.filter(org=world.org_id, deleted_at__isnull=True).values_list("values__Email", flat=True)
    found = Counter(email for email in emails if email)
    yield from _once(found, done.created)
    yield from (f"{email} is there {found[email]} times" for email in done.unknown if found[email] > 1)


def _both_sides(world: World) -> Iterator[str]:
    """Linked one to one, alike in every field that this run touches."""
    records = {
        one.pk: one.values
        for one in Record.objects.filter(org=world.org_id, module__api_name="Contacts", deleted_at__isnull=True)
    }
    contacts = {one.pk: one for one in Contact.objects.filter(portal=world.portal_id, deleted_at__isnull=True)}
    links = list(
        Link.objects.filter(connection=world.connection, module="contacts", state=Link.State.LIVE).values_list(
            "crm_id", "desk_id"
        )
    )
    if not len(records) == len(contacts) == len(links):
        yield f"{len(records)} contacts in the CRM, {len(contacts)} in the Desk, {len(links)} links"
    for crm_id, desk_id in links:
        values, contact = records.get(crm_id), contacts.get(desk_id)
        if values is None or contact is None:
            yield f"the link {crm_id}–{desk_id} leads nowhere"
            continue
        pairs = {"Mobile": contact.mobile, "Email": contact.email, "Last_Name": contact.last_name}
        for field, theirs in pairs.items():
            if (values.get(field) or "") != (theirs or ""):
                yield f"contact {crm_id}: {field} is {values.get(field)!r} in the CRM and {theirs!r} in the Desk"


def _mails(world: World, done: Done) -> Iterator[str]:
    texts = [
        text.partition("\n")[0].strip()
        for text in Message.objects.filter(portal=world.portal_id, direction="in").values_list("text", flat=True)
    ]
    yield from _once(Counter(texts), done.mails)
    subjects = Counter(Ticket.objects.filter(portal=world.portal_id).values_list("subject", flat=True))
    yield from _once(subjects, [word for word, answered in done.mails.items() if not answered])
    odd = IncomingMail.objects.exclude(state=MailState.FILED).values_list("state", "reason")
    yield from (f"{count} mails are {state} ({reason})" for (state, reason), count in Counter(odd).items())


def _answers(world: World, done: Done) -> Iterator[str]:
    texts = Message.objects.filter(portal=world.portal_id, direction="out").values_list("text", flat=True)
    yield from _once(Counter(text.strip() for text in texts), done.replies)


def _mails_out(done: Done, left: list[tuple[str, str]]) -> Iterator[str]:
    """Once to a receiver who knows Message-IDs: a server killed between its word and ours is asked again under the same one."""
    by_id = dict(left)
    found = Counter(word for text in by_id.values() for word in done.replies if word in text.split())
    yield from _once(found, done.replies)


def _signals(world: World, done: Done) -> Iterator[str]:
    """The owner of all customers is told once of each new ticket and once of each answer, though they own the account as well."""
    threads = {
        f"ticket:{pk}": subject
        for pk, subject in Ticket.objects.filter(portal=world.portal_id).values_list("pk", "subject")
    }
    rung = Counter(
        (kind, threads[thread])
        for kind, thread in Signal.objects.filter(person=world.people[0]).values_list("kind", "thread")
        if thread in threads
    )
    wanted = Counter(
        ("ticket_answered", answered) if answered else ("ticket_opened", word) for word, answered in done.mails.items()
    )
    unsure = {word for word in done.unknown if word.startswith("mail-")}
    for (kind, subject), count in wanted.items():
        if rung[kind, subject] != count and not unsure:
            yield f"{kind} of {subject} rang {rung[kind, subject]} times, not {count}"
    others = Signal.objects.exclude(person=world.people[0]).count()
    if others:
        yield f"{others} signals rang for people who own no customer"


def _jobs() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1")
        yield from (f"{count} of {name} failed for good" for name, count in cursor.fetchall())


def _once(found: Counter[str] | dict[str, int], wanted: Iterable[str]) -> Iterator[str]:
    for word in wanted:
        if (count := found.get(word, 0)) != 1:
            yield f"{word} is there {count} times"
