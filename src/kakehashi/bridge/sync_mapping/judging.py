"""What is wrong with field pairs, what may get lost by them, and what could be paired instead. Pure: fields in, judgements out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.sides.records import FieldInfo
from kakehashi.bridge.sync.compatible import Fit, can_be_mapped, fit, unfilled
from kakehashi.bridge.sync.mapping import ModulePair
from kakehashi.bridge.sync.setting_models import FieldDirection
from kakehashi.core.errors import Text

from .drafts import Fields, PairDraft, is_mapped_by_itself

_LOSSES: Mapping[tuple[str, str], Text] = {
    ("to_desk", "must_fit"): gettext_lazy("The Desk refuses what is not of its field's type."),
    ("to_crm", "must_fit"): gettext_lazy("The CRM refuses what is not of its field's type."),
    ("to_desk", "lines"): gettext_lazy("Several lines become one in the Desk."),
    ("to_crm", "lines"): gettext_lazy("Several lines become one in the CRM."),
    ("to_desk", "number"): gettext_lazy("The Desk refuses what is not a number."),
    ("to_crm", "number"): gettext_lazy("The CRM refuses what is not a number."),
    ("to_desk", "fraction"): gettext_lazy("The Desk refuses numbers with decimals."),
    ("to_crm", "fraction"): gettext_lazy("The CRM refuses numbers with decimals."),
    ("to_desk", "choice"): gettext_lazy("The Desk refuses values that are none of its choices."),
    ("to_crm", "choice"): gettext_lazy("The CRM refuses values that are none of its choices."),
    ("to_desk", "several"): gettext_lazy("The Desk takes one value only: records with several are refused."),
    ("to_crm", "several"): gettext_lazy("The CRM takes one value only: records with several are refused."),
    ("to_desk", "too_long"): gettext_lazy("The Desk refuses more than %(limit)s characters."),
    ("to_crm", "too_long"): gettext_lazy("The CRM refuses more than %(limit)s characters."),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A choice of the CRM's pick list, the Desk's word for it, and whether it has none there."""

    choice: str
    word: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A pair as the page shows it. `ways` says which directions are possible, `options` which Desk fields."""

    place: int
    draft: PairDraft
    crm: FieldInfo | None
    desk: FieldInfo | None
    options: Sequence[FieldInfo]
    ways: frozenset[str]
    losses: Sequence[Text]
    words: Sequence[Word]
    error: Text

    @property
    def open_words(self) -> Sequence[str]:
        return [one.choice for one in self.words if one.is_open]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`blockers` say what keeps the whole from being saved; `addable` are CRM fields that could still be mapped."""

    lines: Sequence[Line]
    blockers: Sequence[Text]
    addable: Sequence[FieldInfo]
    open_desk: Sequence[FieldInfo]

    @property
    def is_fine(self) -> bool:
        return not self.blockers and not any(line.error for line in self.lines)


def judge(module: ModulePair, drafts: Sequence[PairDraft], fields: Fields, *, is_two_way: bool) -> Judgement:
    taken_crm, taken_desk = Counter(one.crm for one in drafts), Counter(one.desk for one in drafts if one.desk)
    lines = []
    for place, draft in enumerate(drafts):
        doubled = taken_crm[draft.crm] > 1 or taken_desk[draft.desk] > 1
        free = [one for name, one in fields.desk.items() if name == draft.desk or name not in taken_desk]
        free = [one for one in free if not is_mapped_by_itself(module, "", one.api_name)]
        lines.append(_line(place, draft, fields, free, is_two_way=is_two_way, is_doubled=doubled))
    return Judgement(
        lines=lines,
        blockers=_blockers(module, lines, fields, is_two_way=is_two_way),
        addable=_addable(module, fields, set(taken_crm), set(taken_desk)),
        open_desk=[one for name, one in fields.desk.items() if name not in taken_desk and can_be_mapped(one)],
    )


def _line(
    place: int,
    draft: PairDraft,
    fields: Fields,
    free: Sequence[FieldInfo],
    *,
    is_two_way: bool,
    is_doubled: bool,
) -> Line:
    crm, desk = fields.crm.get(draft.crm), fields.desk.get(draft.desk)
    found = fit(crm, desk) if crm and desk else Fit({})
    ways = frozenset(found.ways) | ({"both"} if found.is_both_ways else frozenset())
    direction = draft.direction if is_two_way else FieldDirection.TO_DESK
    return Line(
        place=place,
        draft=draft,
        crm=crm,
        desk=desk,
        options=[one for one in free if crm and fit(crm, one).is_possible],
        ways=ways,
        losses=[_sentence(way, loss, crm, desk) for way, loss in found.losses(direction)] if crm and desk else [],
        words=_words(draft, crm, desk),
        error=_("Each field can be mapped once.") if is_doubled else _error(draft, crm, desk, found, direction),
    )


def _error(draft: PairDraft, crm: FieldInfo | None, desk: FieldInfo | None, found: Fit, direction: str) -> Text:
    if crm is None:
        return _("The CRM has no field “%(name)s” any more. Take the pair out.") % {"name": draft.crm}
    if not draft.desk:
        return _("Choose a field of the Desk, or take the pair out.")
    if desk is None:
        return _("The Desk has no field “%(name)s” any more. Choose another one.") % {"name": draft.desk}
    if not found.is_possible:
        return _("These two types do not go together.")
    if direction not in found.ways and not (direction == FieldDirection.BOTH and found.is_both_ways):
        return _("This pair cannot go that way.")
    return ""


def _sentence(way: str, loss: str, crm: FieldInfo, desk: FieldInfo) -> Text:
    target = desk if way == "to_desk" else crm
    return str(_LOSSES[way, loss]) % {"limit": target.max_length} if loss == "too_long" else str(_LOSSES[way, loss])


def _words(draft: PairDraft, crm: FieldInfo | None, desk: FieldInfo | None) -> list[Word]:
    """Where the CRM's field is a pick list: each choice and what the Desk calls it. Only a pick list of the Desk can lack a word."""
    if crm is None or desk is None or not crm.choices:
        return []
    chosen, known = dict(draft.choices), set(desk.choices)
    return [
        Word(choice, chosen.get(choice, ""), bool(known) and chosen.get(choice, choice) not in known)
        for choice in crm.choices
    ]


def _blockers(module: ModulePair, lines: Sequence[Line], fields: Fields, *, is_two_way: bool) -> list[Text]:
    """Required fields that nothing fills: whatever is made on that side would be refused."""
    pairs = [line for line in lines if line.crm and line.desk]
    into_desk = {one.draft.desk for one in pairs if not is_two_way or one.draft.direction != FieldDirection.TO_CRM}
    into_crm = {one.draft.crm for one in pairs if one.draft.direction != FieldDirection.TO_DESK}
    found: list[Text] = [
        _("The Desk requires “%(field)s”. Map a field of the CRM to it, in a direction that leads to the Desk.")
        % {"field": field.label}
        for field in unfilled(list(fields.desk.values()), frozenset(into_desk))
    ]
    if is_two_way:
        found += [
            _("The CRM requires “%(field)s”. Map it to a field of the Desk, in a direction that leads to the CRM.")
            % {"field": field.label}
            for field in unfilled(list(fields.crm.values()), frozenset(into_crm))
        ]
    return found


def _addable(module: ModulePair, fields: Fields, taken_crm: set[str], taken_desk: set[str]) -> list[FieldInfo]:
    free = [one for name, one in fields.desk.items() if name not in taken_desk]
    return [
        one
        for name, one in fields.crm.items()
        if name not in taken_crm
        and can_be_mapped(one)
        and not is_mapped_by_itself(module, name, "")
        and any(fit(one, desk).is_possible for desk in free)
    ]
