"""One org and one portal, connected, with one thing of every kind in them, and the fixed people of every test."""

from dataclasses import dataclass, field
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.bridge.customer_types.columns import columns_of
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.ticket_panel.saved_filters import save_filter
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition, Filter, filter_of
from kakehashi.crm.customise.modules import create_module, remove_module
from kakehashi.crm.imports.actions import upload_file
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import find_module, module_schema, schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.ownership.actions import start_transfer
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.crm.sales_signals.muting import mute_customer
from kakehashi.desk.bulk_changes.actions import start_change
from kakehashi.desk.bulk_changes.models import BulkKind
from kakehashi.desk.business_hours.actions import set_own_day
from kakehashi.desk.conversations.actions import send_reply
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.developer.actions import make_key
from kakehashi.desk.erasure.actions import start_erasure
from kakehashi.desk.erasure.models import ErasureKind
from kakehashi.desk.escalation.actions import LevelDraft, add_level, create_rule
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.mailboxes.models import Mailbox
from kakehashi.desk.portals.access import find_access
from kakehashi.desk.portals.models import AgentRole, Portal
from kakehashi.desk.products.actions import create_product
from kakehashi.desk.profiles.actions import copy_profile
from kakehashi.desk.record_merging.actions import merge_records as merge_customers
from kakehashi.desk.reply_templates.actions import TemplateValues, create_template
from kakehashi.desk.statuses.actions import add_status
from kakehashi.desk.targets.actions import TargetDraft, create_targets
from kakehashi.desk.teams.actions import create_team
from kakehashi.desk.ticket_fields.actions import FieldDraft, add_field
from kakehashi.desk.ticket_merging.actions import merge_tickets
from kakehashi.desk.ticket_merging.splitting import split_ticket
from kakehashi.desk.ticket_views.actions import save_view
from kakehashi.identity.people.models import Person
from tests.makers.belongings import make_file, make_note, make_tag
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_mass_update, make_member, make_record, make_stranger, make_view
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_seat, make_ticket
from tests.makers.mail import make_mail
from tests.makers.questions import make_question
from tests.makers.sessions import Sessions


@dataclass(frozen=True)
class World:
    """`parameters` fills every `<…>` of every address."""

    administrator: Person
    agent: Person
    light_agent: Person
    crm_only: Person
    stranger: Person
    parameters: dict[str, object]
    sessions: Sessions = field(default_factory=Sessions)


def make_world() -> World:
    joined = make_joined()
    colleague = make_member(joined.org)
    stranger = make_stranger()
    make_portal(administrator=stranger, name="Elsewhere")
    parameters = {
        **things_of_the_crm(joined.org, joined.administrator, colleague),
        "side": "crm",
        "run_id": _compared(joined),
        **things_of_the_desk(joined.portal, joined.administrator.person),
        **things_of_the_bridge(joined),
    }
    world = World(
        joined.administrator.person,
        make_seat(joined.portal, AgentRole.AGENT).person,
        make_seat(joined.portal, AgentRole.LIGHT_AGENT).person,
        colleague.person,
        stranger,
        parameters,
    )
    world.sessions.begin(world.administrator, world.agent, world.light_agent, world.crm_only, world.stranger)
    return world


def _compared(joined: Joined) -> int:
    """A comparison of both sides that has ended."""
    now = clock.now()
    run = Run.objects.create(
        connection=joined.connection,
        kind=Run.Kind.COMPARE,
        occasion=Run.Occasion.NIGHT,
        started_at=now,
        moved_at=now,
        finished_at=now,
    )
    return run.pk


def things_of_the_bridge(joined: Joined) -> dict[str, object]:
    urgent = filter_of(Condition("priority", "any_of", ("High",)))
    saved = save_filter(joined.connection, "Urgent", urgent, actor=joined.administrator.actor)
    columns = columns_of(joined.connection)
    return {"saved_filter_id": saved.pk, "type_column_id": columns[2].pk, "about": "Deals"}


def things_of_the_crm(org: Org, administrator: CrmAccess, colleague: CrmAccess) -> dict[str, object]:
    actor = administrator.actor
    record = make_record(org, "Contacts", actor=actor, Email="misaki@tsukimizaka.example")
    file = SimpleUploadedFile("contacts.csv", "姓,メールアドレス\n相沢,a@tsukimizaka.example\n".encode())
    source = upload_file(org, module=module_schema(find_module(org, "Contacts")), file=file, actor=actor)
    signal = _signal(administrator, record)
    return {
        "org_id": org.pk,
        "module": "Contacts",
        "module_name": "Contacts",
        "sync_module": "contacts",
        "field_name": "Phone",
        "section_key": "main",
        "kind": "text",
        "field_id": Field.objects.get(org=org, module__api_name="Contacts", api_name="Phone").pk,
        "module_id": remove_module(
            create_module(org, singular="x", plural="X", api_name="Gone", actor=actor), actor=actor
        ).pk,
        "record_id": record.pk,
        "view_id": make_view(administrator, "Contacts").pk,
        "action_id": make_mass_update(administrator, record).pk,
        "import_id": source.pk,
        "column": 0,
        "merge_id": _merged(org, administrator),
        "conversion_id": _converted(org, administrator),
        "note_id": make_note(record, actor=actor).pk,
        "file_id": make_file(record, actor=actor).pk,
        "tag_id": make_tag(record, actor=actor).pk,
        "panel_key": "notes",
        "tab_key": "desk_tab",
        "membership_id": colleague.membership.pk,
        "profile_id": colleague.membership.profile_id,
        "role_id": colleague.membership.role_id,
        "transfer_id": start_transfer(
            colleague.membership,
            taker=administrator.membership,
            choice=[str(record.module_id)],
            actor=actor,
        ).pk,
        "signal_id": signal.pk,
        "mute_id": mute_customer(signal).pk,
    }


def _signal(administrator: CrmAccess, record: Record) -> Signal:
    event = Event.objects.filter(kind="crm.record", subject_id=record.pk).latest("id")
    return Signal.objects.create(
        org=administrator.org,
        person=administrator.person,
        kind="record_assigned",
        event_id=event.pk,
        record=record,
        data={"module": "Contacts"},
        at=clock.now(),
    )


def _converted(org: Org, administrator: CrmAccess) -> int:
    lead = make_record(org, "Leads", actor=administrator.actor)
    plan = ConversionPlan(contact=Into())
    return convert_lead(schema_of(org), lead.pk, version=None, plan=plan, actor=administrator.actor).pk


def _merged(org: Org, administrator: CrmAccess) -> int:
    schema = schema_of(org)
    records = [make_record(org, "Accounts", actor=administrator.actor) for _ in range(2)]
    merge = merge_records(
        schema,
        schema["Accounts"],
        survivor_id=records[0].pk,
        versions={record.pk: record.version for record in records},
        values={},
        actor=administrator.actor,
    )
    return merge.pk


def things_of_the_desk(portal: Portal, administrator: Person) -> dict[str, object]:
    seat = find_access(administrator, portal.pk)
    contact = make_contact(portal, email="misaki@tsukimizaka.example")
    ticket = make_ticket(portal, contact=contact)
    file = NewFile("a.txt", "text/plain", b"hello")
    message = send_reply(ticket, html="<p>Hello</p>", to=[contact.email], uploads=[file], actor=seat.actor)
    return {
        "portal_id": portal.pk,
        "ticket_id": ticket.pk,
        "contact_id": contact.pk,
        "account_id": make_account(portal).pk,
        "product_id": create_product(portal, values={"productName": "TL-200"}, actor=seat.actor).pk,
        **things_of_records(portal),
        "department_id": ticket.department_id,
        "agent_id": make_seat(portal, AgentRole.AGENT).agent.pk,
        "seat_id": seat.agent.pk,
        "team_id": create_team(ticket.department, name="First line", actor=seat.actor).pk,
        "ticket_split_id": _split(portal),
        "desk_profile_id": copy_profile(portal, name="Trainee", source="agent", actor=seat.actor).pk,
        **things_of_deadlines(portal),
        **things_of_tickets(portal, administrator),
        "message_id": message.pk,
        "template_id": create_template(portal, TEMPLATE, actor=MAKER).pk,
        **things_of_mail(portal, message),
        "attachment_id": message.attachments.get().attachment_id,
        "token": "nothing",
        "key_id": make_key(portal, days=7, actor=seat.actor)[0].pk,
    }


def things_of_records(portal: Portal) -> dict[str, object]:
    records = [make_contact(portal) for _ in range(2)]
    versions = {record.pk: record.version for record in records}
    merge = merge_customers(portal, CONTACT, survivor_id=records[0].pk, versions=versions, values={}, actor=MAKER)
    erasure = start_erasure(make_contact(portal), kind=ErasureKind.ERASE, actor=MAKER)
    return {
        "record_kind": "contact",
        "desk_record_id": records[0].pk,
        "record_merge_id": merge.pk,
        "erasure_id": erasure.pk,
    }


def _split(portal: Portal) -> int:
    ticket = make_ticket(portal)
    sent = [send_reply(ticket, html="<p>Hello</p>", to=["a@b.example"], actor=MAKER) for _ in range(2)]
    return split_ticket(ticket, message_ids=[sent[1].pk], subject="Second", actor=MAKER).split_from.pk


TEMPLATE: TemplateValues = {"name": "Greeting", "html": "<p>Hello</p>", "language": "en", "department": None}


def things_of_deadlines(portal: Portal) -> dict[str, object]:
    calendar = portal.calendars.all()[0]
    day = set_own_day(calendar, on=date(2027, 8, 13), actor=MAKER)
    targets = create_targets(portal, TargetDraft(minutes={"": (60, 480)}), actor=MAKER)
    draft = LevelDraft(tells_assignee=True)
    rule = create_rule(portal, deadline="resolution", department=None, level=draft, actor=MAKER)
    level = add_level(rule, LevelDraft(minutes=60, marks_escalated=True), actor=MAKER)
    return {
        "calendar_id": calendar.pk,
        "day_id": day.pk,
        "set_id": targets.pk,
        "rule_id": rule.pk,
        "level_id": level.pk,
    }


def things_of_tickets(portal: Portal, administrator: Person) -> dict[str, object]:
    status = add_status(portal, name="Later", kind="On Hold", actor=MAKER)
    field = add_field(portal, kind="text", draft=FieldDraft("Serial number"), actor=MAKER)
    seat = find_access(administrator, portal.pk)
    shown = (Filter(), ("priority",), "-activity")
    return {
        "status_id": status.pk,
        "ticket_field_id": field.pk,
        "ticket_view_id": save_view(seat, name="Mine", shown=shown, is_shared=False, actor=MAKER).pk,
        "change_id": start_change(
            seat, kind=BulkKind.UPDATE, ticket_ids=[make_ticket(portal).pk], values={"priority": "High"}
        ).pk,
        "ticket_merge_id": merge_tickets(
            portal, survivor_id=make_ticket(portal).pk, ticket_ids=[make_ticket(portal).pk], actor=MAKER
        ).pk,
        "layout": "table",
        "deed": "close",
        "question_id": make_question(portal, administrator).pk,
    }


def things_of_mail(portal: Portal, message: Message) -> dict[str, object]:
    """The mail asks both questions that a ticket's page can ask."""
    ticket = message.ticket
    mail = take_in(portal, [Delivery(make_mail(extra="Auto-Submitted: auto-replied"))])[0]
    file_waiting(portal.pk)
    IncomingMail.objects.filter(portal=portal).update(
        ticket=ticket, message=message, suggested_ticket=make_ticket(portal), original_sender="K <k@c.example>"
    )
    mailbox = Mailbox(portal=portal, name="Support", department=ticket.department, host="127.0.0.1", port=1)
    mailbox.save()
    return {
        "mail_id": mail.pk if mail else 0,
        "mailbox_id": mailbox.pk,
        "address_id": portal.mail_addresses.all()[0].pk,
    }
