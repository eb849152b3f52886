"""A lead becomes a contact, an account and perhaps a deal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, ProductError, StaleVersion
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.crm.records.actions import write_records
from kakehashi.crm.records.belongings import hand_over, never_offered
from kakehashi.crm.records.drafts import RecordDraft
from kakehashi.crm.records.models import GoneAs, Record
from kakehashi.crm.records.storing import delete_keys

from .mapping import values_for
from .models import Conversion

LEADS, CONTACTS, ACCOUNTS, DEALS = "Leads", "Contacts", "Accounts", "Deals"


class LeadIsConverted(ProductError):
    code = "lead_is_converted"
    status = 409
    message = _("This lead was converted or deleted meanwhile.")


@dataclass(frozen=True, slots=True)
class Into:
    """Where a lead goes in one module: into an existing record, or a new one with `values` beside the lead's own."""

    record_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    may_fill: bool = True  # an existing record's empty fields


@dataclass(frozen=True, slots=True)
class ConversionPlan:
    """`carry` are the kinds of belongings that move, of those that are offered; `carry_to` is the module whose record gets them."""

    contact: Into
    account: Into | None = None
    deal: Into | None = None
    carry: Collection[str] = ()
    carry_to: str = CONTACTS


class _Course:
    """One conversion under way, and what it did so far."""

    def __init__(self, schema: Schema, lead: Record, conversion: Conversion, actor: Actor) -> None:
        self.schema, self.lead, self.conversion = schema, lead, conversion
        self.actor = replace(actor, origin=actor.origin or f"conversion:{conversion.pk}")
        self.made: dict[int, int] = {}
        self.filled: dict[int, dict[str, list[Any]]] = {}

    def bring(self, module_name: str, into: Into, given: Mapping[str, Any]) -> int:
        module = self.schema[module_name]
        mapped = values_for(module, self.lead.values, self.schema[LEADS])
        if into.record_id:
            if into.may_fill:
                self._fill(module, into.record_id, {**mapped, **given})
            return into.record_id
        draft = RecordDraft({**mapped, **given, **into.values}, owner_id=self.lead.owner_id or self.actor.person_id)
        result = write_records(module, drafts=[draft], actor=self.actor)[0]
        if result.record is None or result.state != "created":
            raise InvalidValues({f"{module_name}.{name}": text for name, text in result.sentences.items()})
        self.made[result.record.pk] = result.record.version
        return result.record.pk

    def _fill(self, module: ModuleSchema, record_id: int, values: Mapping[str, Any]) -> None:
        """Only what is empty; what cannot be stored there (somebody else has the address) is left out."""
        record = Record.objects.select_for_update().defer("search").filter(pk=record_id, deleted_at=None).first()
        if record is None or record.module_id != module.id:
            raise InvalidValues({module.api_name: _("The chosen entry does not exist any more.")})
        wanted = {name: value for name, value in values.items() if record.values.get(name) in (None, "", [])}
        while wanted:
            draft = RecordDraft(wanted, record_id=record_id)
            result = write_records(module, drafts=[draft], actor=self.actor)[0]
            refused = [name for name in wanted if name in result.reasons]
            if not refused:
                break
            wanted = {name: value for name, value in wanted.items() if name not in refused}
        if wanted:
            self.filled[record_id] = {name: [None, value] for name, value in wanted.items()}


@transaction.atomic
def convert_lead(
    schema: Schema, lead_id: int, *, version: int | None, plan: ConversionPlan, actor: Actor
) -> Conversion:
    """Everything or nothing. Raises `LeadIsConverted`, `StaleVersion`, or `InvalidValues` whose fields are "Module.Field"."""
    lead = _lock(schema, lead_id, version)
    conversion = Conversion.objects.create(
        org_id=schema.org_id, lead=lead, converted_at=clock.now(), converted_by_name=actor.name
    )
    course = _Course(schema, lead, conversion, actor)
    account_id = course.bring(ACCOUNTS, plan.account, {}) if plan.account else None
    of_account = {"Account_Name": account_id} if account_id else {}
    contact_id = course.bring(CONTACTS, plan.contact, of_account)
    deal_id = course.bring(DEALS, plan.deal, {**of_account, "Contact_Name": contact_id}) if plan.deal else None
    ids = {CONTACTS: contact_id, ACCOUNTS: account_id, DEALS: deal_id}
    _take_away(lead, actor)
    keeper = ids.get(plan.carry_to) or contact_id
    going = [(keeper, plan.carry), (contact_id, never_offered())]
    moved = [[key, to, what] for to, only in going for key, what in hand_over(lead.pk, to, only=only)]
    conversion.contact_id, conversion.account_id, conversion.deal_id = contact_id, account_id, deal_id
    conversion.deeds = {"made": course.made, "filled": course.filled, "moved": moved}
    conversion.save()
    _tell(schema, conversion, "converted", actor)
    return conversion


def _lock(schema: Schema, lead_id: int, version: int | None) -> Record:
    rows = Record.objects.select_for_update().defer("search").filter(org_id=schema.org_id, module_id=schema[LEADS].id)
    lead = rows.filter(pk=lead_id, deleted_at=None).first()
    if lead is None:
        raise LeadIsConverted
    if version is not None and lead.version != version:
        raise StaleVersion
    return lead


def _take_away(lead: Record, actor: Actor) -> None:
    Record.objects.filter(pk=lead.pk).update(
        deleted_at=clock.now(), deleted_by_name=actor.name, gone_as=GoneAs.CONVERTED, version=F("version") + 1
    )
    delete_keys([lead])


def _tell(schema: Schema, conversion: Conversion, deed: str, actor: Actor) -> None:
    data = {
        "module": LEADS,
        "conversion": conversion.pk,
        "contact": conversion.contact_id,
        "account": conversion.account_id,
        "deal": conversion.deal_id,
    }
    write_fact(Fact(f"org:{schema.org_id}", f"crm.lead.{deed}", "crm.record", conversion.lead_id, data), actor)
