"""Cards of records of our own CRM, for the seam. Everything starts from what the person who asks may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse

from kakehashi.bridge.sides.crm_cards import NoteLine, RecordCard, SignalCount, SignalLine
from kakehashi.core.actors import Actor
from kakehashi.crm.deals.cards import shown
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.notes.models import Note
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import names_for, visible_records
from kakehashi.crm.sales_signals.queries import in_words, signals_of

from .crm_deals import CrmDeals

_LONGEST_EXCERPT = 160
_FACTS: Mapping[str, Sequence[str]] = {
    "Contacts": ("Title", "Department", "Phone", "Mobile"),
    "Leads": ("Company", "Title", "Lead_Status", "Phone"),
    "Accounts": ("Account_Type", "Industry", "Phone"),
}


@dataclass(frozen=True)
class CrmCards(CrmDeals):
    """Implements `CardSide` for one org."""

    def record_cards(self, module: str, ids: Collection[int], actor: Actor) -> Sequence[RecordCard]:
        access = self._access(actor)
        if access is None or module not in access.schema or not ids:
            return []
        schema = access.schema[module]
        records = list(visible_records(access, schema).filter(pk__in=ids).order_by("pk"))
        names = names_for(records, schema, access)
        return [
            RecordCard(
                module=module,
                kind=schema.singular,
                name=record.name,
                url=reverse("crm_record", args=[self.org.pk, module, record.pk]),
                owner_name=names.people.get(record.owner_id or 0, ""),
                facts=tuple(
                    (schema.fields[name].label, text)
                    for name in _FACTS[module]
                    if name in schema.fields and (text := shown(record, name, schema, names))
                ),
            )
            for record in records
        ]

    def latest_notes(self, ids: Collection[int], actor: Actor, *, limit: int) -> Sequence[NoteLine]:
        access = self._access(actor)
        if access is None or not ids:
            return []
        notes = Note.objects.filter(record__in=_seen(access, ids), deleted_at=None).select_related("record")
        latest = notes.defer("html", "record__values", "record__search")
        return [
            NoteLine(_excerpt(note), note.author_name, note.record.name, note.created_at)
            for note in latest.order_by(F("pinned_at").desc(nulls_last=True), "-pk")[:limit]
        ]

    def own_signals(self, ids: Collection[int], actor: Actor) -> SignalCount:
        access = self._access(actor)
        if access is None or not ids:
            return SignalCount()
        signals = signals_of(access).filter(record__in=ids)
        told = in_words(access, list(signals[:1]))
        latest = next((SignalLine(one.words.sentence, one.words.url, one.signal.at) for one in told), None)
        return SignalCount(signals.count(), latest)


def _seen(access: CrmAccess, ids: Collection[int]) -> list[int]:
    """Those of the records, of whichever module, that this person may see. One query a module."""
    rows = Record.objects.filter(org_id=access.org.pk, pk__in=ids, deleted_at=None).values_list("module_id", "pk")
    by_module: dict[int, list[int]] = {}
    for module_id, pk in rows:
        by_module.setdefault(module_id, []).append(pk)
    modules: list[ModuleSchema] = [module for module in access.schema if module.id in by_module]
    return [
        pk
        for module in modules
        for pk in visible_records(access, module).filter(pk__in=by_module[module.id]).values_list("pk", flat=True)
    ]


def _excerpt(note: Note) -> str:
    text = " ".join(part for part in (note.title, note.text) if part)
    return text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT].rstrip()}…"
