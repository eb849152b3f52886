"""Fills the CRM: records as they came in over three years, deals as they moved, everything through the CRM's own actions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from kakehashi.assembly.demo.catalogue import PRODUCTS
from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.contacts import Customer, owner_of
from kakehashi.assembly.demo.deals import Deal
from kakehashi.assembly.demo.load_belongings import fill_belongings
from kakehashi.assembly.demo.moments import DAYS
from kakehashi.assembly.demo.office_hours import JAPAN, some_time_that_day
from kakehashi.assembly.demo.records import (
    Values,
    account_values,
    contact_values,
    deal_values,
    lead_values,
    product_values,
)
from kakehashi.assembly.demo.staff import COMPANY, STAFF
from kakehashi.assembly.demo.world import World
from kakehashi.core import clock
from kakehashi.crm.modules.models import Module
from kakehashi.crm.orgs.actions import add_member, create_org
from kakehashi.crm.orgs.models import Org, Profile
from kakehashi.crm.records.actions import create_record, update_record, write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.identity.people.models import Person

PERIODS = 12
_PERIOD = timedelta(days=90)
_BEFORE = timedelta(days=DAYS + 2)  # no customer is younger than the tickets
_STAGES_ON_THE_WAY = ("Qualification", "Needs Analysis", "Proposal/Price Quote")

People = Mapping[str, Person]


class DemoIsRefused(Exception):
    """The product did not take a record of the demo: a defect of the demo's data."""


def fill_crm(world: World, people: People, now: datetime) -> Org:
    with clock.frozen_at(now - _BEFORE - _PERIOD * PERIODS):
        org = _make_org(people)
        _write(org, "Products", {"takase": [product_values(product) for product in PRODUCTS]}, people)
    accounts = _fill_accounts(org, world, people, now)
    contacts = _fill_contacts(org, world, accounts, people, now)
    _change_some_contacts(world.contacts, contacts, people, org, now)
    for deal in world.deals:
        _follow_deal(org, deal, accounts[deal.company.key], contacts[deal.contact.key], people, now)
    _fill_leads(org, world, people, now)
    fill_belongings(org, world, accounts, contacts, people, now)
    return org


def _make_org(people: People) -> Org:
    administrator = people["takase"]
    org = create_org(name=COMPANY, administrator=administrator, language="ja")
    profile = Profile.objects.get(org=org, is_administrator=False)
    for colleague in STAFF:
        if colleague.crm == "standard":
            add_member(org, person=people[colleague.key], profile=profile, actor=administrator.as_actor())
    return org


def _fill_accounts(org: Org, world: World, people: People, now: datetime) -> dict[int, int]:
    """Record ids by company."""
    ids: dict[int, int] = {}
    for period in range(PERIODS):
        companies = [company for company in world.companies if _period_of(company.key) == period]
        by_owner: defaultdict[str, list[Values]] = defaultdict(list)
        keys: defaultdict[str, list[int]] = defaultdict(list)
        for company in companies:
            by_owner[owner_of(company)].append(account_values(company))
            keys[owner_of(company)].append(company.key)
        with clock.frozen_at(_start_of(period, now)):
            written = _write(org, "Accounts", by_owner, people)
        for owner, record_ids in written.items():
            ids.update(zip(keys[owner], record_ids, strict=True))
    return ids


def _fill_contacts(
    org: Org, world: World, accounts: Mapping[int, int], people: People, now: datetime
) -> dict[int, int]:
    """Record ids by contact. People come with their company or later."""
    chance = stream("since")
    periods = {
        contact.key: min(PERIODS - 1, _period_of(contact.company.key) + chance.choice((0, 0, 0, 1, 3, 6)))
        for contact in world.contacts
    }
    ids: dict[int, int] = {}
    for period in range(PERIODS):
        chosen: defaultdict[str, list[Customer]] = defaultdict(list)
        for contact in world.contacts:
            if periods[contact.key] == period:
                chosen[contact.owner].append(contact)
        by_owner = {
            owner: [contact_values(contact, accounts[contact.company.key]) for contact in contacts]
            for owner, contacts in chosen.items()
        }
        with clock.frozen_at(_start_of(period, now) + timedelta(hours=1)):
            written = _write(org, "Contacts", by_owner, people)
        for owner, record_ids in written.items():
            ids.update(zip([contact.key for contact in chosen[owner]], record_ids, strict=True))
    return ids


def _change_some_contacts(
    contacts: Sequence[Customer], ids: Mapping[int, int], people: People, org: Org, now: datetime
) -> None:
    """People move offices and are promoted: so that a record has a past."""
    chance = stream("changes")
    module = Module.objects.get(org=org, api_name="Contacts")
    for contact in contacts:
        if contact.key != 1 and chance.random() > 0.1:
            continue
        values = {"Phone": contact.company.place.phone(chance)}
        if contact.language == "ja" and (contact.key == 1 or chance.random() < 0.4):
            values = {"Title": "課長" if contact.key == 1 else chance.choice(("課長", "部長代理", "主任"))}
        draft = RecordDraft(values, record_id=ids[contact.key])
        with clock.frozen_at(some_time_that_day(now - timedelta(days=chance.randrange(2, 80)), now, chance)):
            write_records(module, drafts=[draft], actor=people[contact.owner].as_actor())


def _follow_deal(org: Org, deal: Deal, account_id: int, contact_id: int, people: People, now: datetime) -> None:
    """Opened early on, then moved through some stages to where it is today."""
    chance = stream(f"deal {deal.key}")
    actor = people[deal.contact.owner].as_actor()
    module = Module.objects.get(org=org, api_name="Deals")
    final = dict(deal_values(deal, account_id, contact_id))
    latest = now - timedelta(days=chance.randrange(9)) if deal.is_open else now - timedelta(days=_days_ago(deal, now))
    end = some_time_that_day(latest, now, chance)
    earlier = sorted(chance.sample(range(3, 70), chance.randrange(1, 3)), reverse=True)
    moments = [some_time_that_day(end - timedelta(days=days), end, chance) for days in earlier]
    stages = [stage for stage in _STAGES_ON_THE_WAY if stage != deal.stage][: len(moments)]
    beginning = {**final, "Stage": stages[0], "Probability": "10", "Next_Step": ""}
    with clock.frozen_at(moments[0] - timedelta(days=5)):
        record = create_record(module, values=beginning, actor=actor)
    for stage, moment in zip(stages[1:], moments, strict=False):
        with clock.frozen_at(moment):
            record = update_record(record, values={"Stage": stage}, actor=actor)
    with clock.frozen_at(end):
        update_record(record, values=final, actor=actor)


def _days_ago(deal: Deal, now: datetime) -> int:
    """A deal that is won or lost ended on its closing date."""
    return (now.astimezone(JAPAN).date() - deal.closing).days


def _fill_leads(org: Org, world: World, people: People, now: datetime) -> None:
    chance = stream("arrival of leads")
    for lead in world.leads:
        with clock.frozen_at(some_time_that_day(now - timedelta(days=2 * lead.key), now, chance)):
            _write(org, "Leads", {lead.owner: [lead_values(lead)]}, people)


def _write(
    org: Org, module_name: str, by_owner: Mapping[str, Sequence[Values]], people: People
) -> dict[str, list[int]]:
    """New records of each owner, made by that owner; their ids in the same order."""
    module = Module.objects.get(org=org, api_name=module_name)
    ids: dict[str, list[int]] = {}
    for owner, rows in by_owner.items():
        drafts = [RecordDraft(values) for values in rows]
        results = write_records(module, drafts=drafts, actor=people[owner].as_actor())
        refused = [result.sentences for result in results if result.record is None]
        if refused:
            raise DemoIsRefused(f"{module_name}: {refused[0]}")
        ids[owner] = [result.record.pk for result in results if result.record]
    return ids


def _period_of(company_key: int) -> int:
    """In which of the periods a company became a customer; the pictured ones were among the first."""
    return company_key % 3 if company_key <= 8 else (company_key * 7) % PERIODS


def _start_of(period: int, now: datetime) -> datetime:
    day = now - _BEFORE - _PERIOD * (PERIODS - 1 - period) - timedelta(days=period % 4)
    return some_time_that_day(day, now, stream(f"period {period}"))
