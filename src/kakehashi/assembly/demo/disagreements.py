"""What the sync cannot decide by itself: a field that both sides changed, and an account that may be one of two."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.setting_models import ConflictRule, SyncedModule
from kakehashi.bridge.sync_mapping.actions import save_mapping
from kakehashi.bridge.sync_mapping.drafts import fields_now, saved_drafts
from kakehashi.bridge.sync_settings.actions import change_settings
from kakehashi.bridge.sync_settings.chosen import Settings
from kakehashi.core import clock
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record, write_records
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import create_account, update_account
from kakehashi.desk.customers.models import Account
from kakehashi.desk.portals.models import Portal
from kakehashi.identity.people.models import Person

_NAME = "株式会社桐野精機"
_IN_DESK = (
    {"accountName": _NAME, "phone": "0258-00-4411", "city": "長岡市"},
    {"accountName": _NAME, "website": "https://www.kirino.example"},
)


def add_disagreements(connection: Connection, people: Mapping[str, Person], now: datetime) -> None:
    """Accounts go both ways since a week, and about phone numbers a person is asked. A demo that was cut off goes on after what is done."""
    synced = SyncedModule.objects.get(connection=connection, module="accounts")
    if not synced.is_two_way:
        with clock.frozen_at(now - timedelta(days=7)):
            _go_both_ways(connection, people)
            run_until_idle()
    if not Account.objects.filter(portal=connection.portal_id, account_name=_NAME).exists():
        with clock.frozen_at(now - timedelta(hours=5)):
            _disagree(connection, people)
            run_until_idle()


@transaction.atomic
def _go_both_ways(connection: Connection, people: Mapping[str, Person]) -> None:
    actor, module = people["takase"].as_actor(), BY_NAME["accounts"]
    synced = change_settings(connection, "accounts", Settings(direction="both"), actor=actor)
    fields = fields_now(crm_side(connection.org_id), desk_side(connection.portal_id), module)
    drafts = [
        replace(one, rule=ConflictRule.ASK) if one.desk == "phone" else one
        for one in saved_drafts(module, synced, fields)
    ]
    save_mapping(connection, "accounts", drafts, based_on=None, actor=actor)


@transaction.atomic
def _disagree(connection: Connection, people: Mapping[str, Person]) -> None:
    """Both edits in one transaction: a worker that runs already must not carry one across before the other is made."""
    seller, agent = people["takase"].as_actor(), people["morimoto"].as_actor()
    link = Link.objects.filter(connection=connection, module="accounts", state=Link.State.LIVE).order_by("pk")[0]
    update_record(Record.objects.get(pk=link.crm_id or 0), values={"Phone": "0584-00-1900"}, actor=seller)
    update_account(Account.objects.get(pk=link.desk_id or 0), values={"phone": "0584-00-1846"}, actor=agent)
    portal = Portal.objects.get(pk=connection.portal_id)
    for values in _IN_DESK:
        create_account(portal, values=values, actor=agent)
    draft = RecordDraft({"Account_Name": _NAME, "Phone": "0258-00-4411", "Billing_City": "長岡市"})
    write_records(schema_of(Org.objects.get(pk=connection.org_id))["Accounts"], drafts=[draft], actor=seller)
