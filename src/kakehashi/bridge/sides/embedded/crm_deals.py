"""Deals of our own CRM, for the seam. Rights are the CRM's: everything starts from what the person who asks may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.bridge.sides.deals import Deal, soonest
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound, Text
from kakehashi.core.fields.kind import Names
from kakehashi.crm.deals.cards import closing_date, shown
from kakehashi.crm.deals.stages import MODULE, STAGE, StageType, stage_named, values_of_type
from kakehashi.crm.merging.queries import survivor_of
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, access_of
from kakehashi.crm.orgs.rights import Scope
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import found_by, names_for, visible_records
from kakehashi.crm.records.telling import tell_of_many
from kakehashi.ui.templatetags.ui_words import money

from .crm_people import CrmPeople

_MOST_OF_A_CUSTOMER = 50
_CUSTOMER_FIELDS = ("Contact_Name", "Account_Name")


@dataclass(frozen=True)
class CrmDeals(CrmPeople):
    """Implements `DealSide` for one org."""

    def deals(self, ids: Sequence[int], actor: Actor) -> Mapping[int, Deal]:
        found, module, access = self._seen(actor)
        live = {record.pk: record for record in found.filter(pk__in=ids)}
        today = {one: survivor_of(self.org.pk, one) for one in ids if one not in live}
        live |= {record.pk: record for record in found.filter(pk__in=[one for one in today.values() if one])}
        by_id = {deal.id: deal for deal in self._told(live.values(), module, access)}
        places = {one: today.get(one) or one for one in ids}
        return {one: by_id[place] for one, place in places.items() if place in by_id}

    def customer_deals(self, contact_ids: Sequence[int], account_ids: Sequence[int], actor: Actor) -> Sequence[Deal]:
        targets = [*contact_ids, *account_ids]
        if not targets:
            return []
        found, module, access = self._seen(actor)
        named = found.filter(
            lookups__target_id__in=targets, lookups__field__in=_CUSTOMER_FIELDS, lookups__module_id=module.id
        )
        records = _still_open(named, module).order_by("-pk").distinct()[:_MOST_OF_A_CUSTOMER]
        return sorted(self._told(records, module, access), key=soonest)

    def search_deals(self, text: str, actor: Actor, *, limit: int = 20) -> Sequence[Deal]:
        found, module, access = self._seen(actor)
        if text.strip():
            records = found_by(found, module, text).order_by("name", "id")
        else:
            records = found.order_by("-modified_at", "-id")
        return self._told(records[:limit], module, access)

    def deal_sums(self, groups: Mapping[int, Collection[int]], actor: Actor) -> Mapping[int, Text]:
        found, module, _access = self._seen(actor)
        if not {"Amount", STAGE} <= module.fields.keys():
            return {}
        wanted = {pk for ids in groups.values() for pk in ids}
        rows = _still_open(found.filter(pk__in=wanted), module).order_by()
        amounts = {pk: Decimal(str(amount)) for pk, amount in rows.values_list("pk", "values__Amount") if amount}
        sums = {key: sum(amounts.get(pk, Decimal(0)) for pk in ids) for key, ids in groups.items()}
        return {key: money(amount, module.currency) for key, amount in sums.items() if amount}

    def sees_all_deals(self, actor: Actor, *, with_amounts: bool) -> bool:
        access = self._access(actor)
        if access is None or MODULE not in access.schema:
            return False
        module = access.schema[MODULE]
        return access.rights.of(module.id).view == Scope.ALL and (not with_amounts or "Amount" in module.fields)

    def note(self, module: str, ids: Sequence[int], deed: str, about: str, actor: Actor) -> None:
        tell_of_many(schema_of(self.org)[module], ids, deed, actor, about=about)

    def _seen(self, actor: Actor) -> tuple[QuerySet[Record], ModuleSchema, CrmAccess | None]:
        """The live deals within this person's sight, and the module as they may see it."""
        if actor.person_id is None and actor.origin:
            module = schema_of(self.org)[MODULE]
            live = Record.objects.filter(org=self.org, module_id=module.id, deleted_at=None)
            return live.defer("search"), module, None
        access = self._access(actor)
        if access is None or MODULE not in access.schema:
            return Record.objects.none(), schema_of(self.org)[MODULE], None
        return visible_records(access, access.schema[MODULE]), access.schema[MODULE], access

    def _access(self, actor: Actor) -> CrmAccess | None:
        """None for a stranger. Asked once: a side lives no longer than a request."""
        person_id = actor.person_id or 0
        if person_id not in self._entered:
            self._entered[person_id] = self._enter(person_id)
        return self._entered[person_id]

    @cached_property
    def _entered(self) -> dict[int, CrmAccess | None]:
        return {}

    def _enter(self, person_id: int) -> CrmAccess | None:
        try:
            return access_of(person_id, self.org.pk)
        except NotFound:
            return None

    def _told(self, records: Iterable[Record], module: ModuleSchema, access: CrmAccess | None) -> list[Deal]:
        found = list(records)
        names = names_for(found, module, access)
        return [_deal(record, module, names, can_go=access is not None) for record in found]


def _deal(record: Record, module: ModuleSchema, names: Names, *, can_go: bool) -> Deal:
    value = record.values.get(STAGE) if STAGE in module.fields else None
    stage = stage_named(module, value)
    amount = record.values.get("Amount") if "Amount" in module.fields else None
    return Deal(
        id=record.pk,
        name=record.name,
        stage=stage.label if stage else str(value or ""),
        tone=stage.colour if stage else "grey",
        is_open=stage.is_open if stage else True,
        closing=closing_date(record, module),
        amount=Decimal(str(amount)) if amount is not None else None,
        amount_text=shown(record, "Amount", module, names),
        account_name=shown(record, "Account_Name", module, names),
        owner_id=record.owner_id,
        owner_name=names.people.get(record.owner_id or 0, ""),
        url=reverse("crm_record", args=[module.org_id, module.api_name, record.pk]) if can_go else "",
    )


def _still_open(deals: QuerySet[Record], module: ModuleSchema) -> QuerySet[Record]:
    return deals.exclude(values__Stage__in=values_of_type(module, StageType.WON, StageType.LOST))
