"""Puts with the demo's records what people put with theirs, through the CRM's own actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.assembly.demo.belongings import BRANCHES, NOTES, STAGE_COLOURS, TAGS
from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.files import temperature_chart
from kakehashi.assembly.demo.office_hours import some_time_that_day
from kakehashi.assembly.demo.world import World
from kakehashi.core import clock
from kakehashi.core.filters.definition import Condition, filter_of
from kakehashi.core.filters.operators import Operator
from kakehashi.crm.deal_stages.actions import change_stage
from kakehashi.crm.deals.stages import stages_of
from kakehashi.crm.files.actions import add_files
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.list_views.actions import Audience, ShownList, save_view
from kakehashi.crm.list_views.models import Sharing
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.notes.actions import add_note, pin_note
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.many import tag_each
from kakehashi.identity.people.models import Person

People = Mapping[str, Person]
Ids = Mapping[int, int]


def fill_belongings(org: Org, world: World, accounts: Ids, contacts: Ids, people: People, now: datetime) -> None:
    """`accounts` and `contacts` are record ids by company and by contact."""
    _colour_stages(org, people)
    _add_branches(org, accounts[1], people, now)
    _convert_a_lead(org, world, people, now)
    _put_tags(org, people, now)
    _write_notes(world, accounts, contacts, people, now)
    with clock.frozen_at(some_time_that_day(now - timedelta(days=60), now, stream("views"))):
        _share_views(org, people)


def _colour_stages(org: Org, people: People) -> None:
    for stage in stages_of(schema_of(org)["Deals"]):
        if colour := STAGE_COLOURS.get(stage.value):
            change_stage(
                org,
                stage.value,
                label=str(stage.label),
                kind=stage.type,
                probability=stage.probability,
                colour=colour,
                actor=people["takase"].as_actor(),
            )
            org.refresh_from_db()


def _add_branches(org: Org, parent_id: int, people: People, now: datetime) -> None:
    """A company with parts: their page shows the whole tree."""
    chance, parent = stream("branches"), Record.objects.get(pk=parent_id)
    same = {name: parent.values[name] for name in ("Industry", "Account_Type", "Billing_State", "Billing_City")}
    drafts = [
        RecordDraft({**same, "Account_Name": f"{parent.name} {branch}", "Parent_Account": parent_id})
        for branch in BRANCHES
    ]
    with clock.frozen_at(some_time_that_day(now - timedelta(days=40), now, chance)):
        write_records(schema_of(org)["Accounts"], drafts=drafts, actor=people["takase"].as_actor())


def _convert_a_lead(org: Org, world: World, people: People, now: datetime) -> None:
    """The oldest one at home has become a customer."""
    schema = schema_of(org)
    email = next(lead.email for lead in reversed(world.leads) if lead.language == "ja")
    lead = Record.objects.get(module_id=schema["Leads"].id, values__contains={"Email": email})
    closing = (now + timedelta(days=47)).date().isoformat()
    deal = {"Deal_Name": "温度記録の電子化", "Stage": "Qualification", "Amount": "640000", "Closing_Date": closing}
    plan = ConversionPlan(contact=Into(), account=Into(), deal=Into(values=deal))
    with clock.frozen_at(some_time_that_day(now - timedelta(days=11), now, stream("conversion"))):
        convert_lead(schema, lead.pk, version=None, plan=plan, actor=people["takase"].as_actor())


def _put_tags(org: Org, people: People, now: datetime) -> None:
    chance = stream("tags")
    for module_name, shares in TAGS.items():
        module = schema_of(org)[module_name]
        ids = Record.objects.filter(module_id=module.id, deleted_at=None).order_by("pk").values_list("pk", flat=True)
        names = {pk: [name for name, share in shares.items() if chance.randrange(100) < share] for pk in ids}
        with clock.frozen_at(some_time_that_day(now - timedelta(days=30), now, chance)):
            tag_each(module, {pk: some for pk, some in names.items() if some}, actor=people["takase"].as_actor())


def _write_notes(world: World, accounts: Ids, contacts: Ids, people: People, now: datetime) -> None:
    first: dict[int, Customer] = {}
    for contact in world.contacts:
        first.setdefault(contact.company.key, contact)
    chance = stream("notes")
    for noted in NOTES:
        pk = accounts[noted.company] if noted.module == "Accounts" else contacts[first[noted.company].key]
        record, actor = Record.objects.select_related("module").get(pk=pk), people[noted.by].as_actor()
        with clock.frozen_at(some_time_that_day(now - timedelta(days=noted.days_ago), now, chance)):
            note = add_note(record, html=noted.html, title=noted.title, actor=actor)
            if noted.is_pinned:
                pin_note(note, actor=actor)
    with clock.frozen_at(some_time_that_day(now - timedelta(days=6), now, chance)):
        chart = SimpleUploadedFile("冷凍庫_電波と温度.png", temperature_chart(chance), "image/png")
        account = Record.objects.select_related("module").get(pk=accounts[1])
        add_files(account, uploads=[chart], actor=people["mizuno"].as_actor())


def _share_views(org: Org, people: People) -> None:
    """A list that everybody finds, and one of one's own."""
    takase = people["takase"]
    deals, contacts = schema_of(org)["Deals"], schema_of(org)["Contacts"]
    shown = ShownList(
        filter_of(Condition("Amount", Operator.AT_LEAST, ("1000000",))),
        ("Deal_Name", "Account_Name", "Stage", "Amount", "Closing_Date", "Owner"),
        "-Amount",
    )
    save_view(
        org,
        module=deals,
        name="100万円以上の商談",
        shown=shown,
        audience=Audience(Sharing.EVERYONE),
        owner=takase,
        actor=takase.as_actor(),
    )
    without_phone = ShownList(filter_of(Condition("Phone", Operator.EMPTY)), ("Account_Name", "Email", "Owner"), "name")
    save_view(
        org,
        module=contacts,
        name="電話番号のない連絡先",
        shown=without_phone,
        audience=Audience(),
        owner=takase,
        actor=takase.as_actor(),
    )
