"""A module's field pairs while somebody edits them: from the database or the defaults, from a form, and changed line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from django.http import QueryDict

from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.records import FieldInfo
from kakehashi.bridge.sync.compatible import fields_in
from kakehashi.bridge.sync.mapping import SECONDARY_EMAIL, ModulePair
from kakehashi.bridge.sync.setting_models import ConflictRule, FieldDirection, SyncedModule

MOST_PAIRS = 300
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class PairDraft:
    """A line of the page. `desk` is empty while nothing is chosen; `choices` are (CRM choice, Desk word), where the two differ."""

    crm: str
    desk: str = ""
    direction: str = FieldDirection.BOTH
    rule: str = ConflictRule.CRM_WINS
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fields:
    """The fields that a module has on both sides now, by name."""

    crm: Mapping[str, FieldInfo]
    desk: Mapping[str, FieldInfo]


def fields_now(crm: CrmSide, desk: DeskSide, module: ModulePair) -> Fields:
    return Fields(
        {one.api_name: one for one in fields_in(crm.describe(), module.crm)},
        {one.api_name: one for one in fields_in(desk.describe(), module.desk)},
    )


def is_mapped_by_itself(module: ModulePair, crm: str, desk: str) -> bool:
    """Spec Y6: the secondary e-mail addresses belong together, always."""
    return module.name == "contacts" and (crm == SECONDARY_EMAIL.crm or desk == SECONDARY_EMAIL.desk)


def default_drafts(module: ModulePair, fields: Fields) -> list[PairDraft]:
    """The default pairs whose fields are there (contracts §4.4)."""
    return [
        PairDraft(pair.crm, pair.desk)
        for pair in module.fields
        if pair.crm in fields.crm and pair.desk in fields.desk and not is_mapped_by_itself(module, pair.crm, pair.desk)
    ]


def saved_drafts(module: ModulePair, synced: SyncedModule, fields: Fields) -> list[PairDraft]:
    """What holds now."""
    rows = [
        PairDraft(row.crm, row.desk, row.direction, row.rule, tuple((crm, desk) for crm, desk in row.choices))
        for row in synced.fields.all()
        if not is_mapped_by_itself(module, row.crm, row.desk)
    ]
    return rows or default_drafts(module, fields)


def fingerprint(drafts: Sequence[PairDraft]) -> str:
    """Tells whether somebody else has saved meanwhile."""
    return f"{crc32(repr(drafts).encode()):08x}"


def sent_drafts(sent: QueryDict) -> list[PairDraft]:
    """The lines of the form, in its order; what is not one of the answers becomes the usual one."""
    places = sorted(int(key[4:]) for key in sent if key.startswith("crm-") and key[4:].isdecimal())[:MOST_PAIRS]
    return [_sent_draft(sent, place) for place in places if sent.get(f"crm-{place}")]


def _sent_draft(sent: QueryDict, place: int) -> PairDraft:
    direction, rule = sent.get(f"direction-{place}", ""), sent.get(f"rule-{place}", "")
    words = zip(sent.getlist(f"choice-{place}"), sent.getlist(f"word-{place}"), strict=False)
    return PairDraft(
        crm=sent.get(f"crm-{place}", "")[:60],
        desk=sent.get(f"desk-{place}", "")[:60],
        direction=direction if direction in FieldDirection.values else FieldDirection.BOTH,
        rule=rule if rule in ConflictRule.values else ConflictRule.CRM_WINS,
        choices=tuple((crm, word.strip()) for crm, word in list(words)[:MOST_WORDS] if word.strip() not in ("", crm)),
    )


def without(drafts: Sequence[PairDraft], place: str) -> list[PairDraft]:
    return [one for index, one in enumerate(drafts) if str(index) != place]


def with_field(drafts: Sequence[PairDraft], crm: str, fields: Fields) -> list[PairDraft]:
    """One more line, with its Desk field still to be chosen: nothing is paired by name alone (lesson C4)."""
    if crm not in fields.crm or any(one.crm == crm for one in drafts):
        return list(drafts)
    return [*drafts, PairDraft(crm)]
