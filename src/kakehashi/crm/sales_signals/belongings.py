"""Signals go where their record goes: into the survivor of a merge, from a lead to its contact, and back. So does a person's wish to
hear no more of it, which is theirs alone: nobody is asked about it.
"""

from collections.abc import Mapping, Sequence

from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from kakehashi.crm.records.slots import RecordBelongings

from .models import Signal, SignalMute


def _move(from_id: int, to_id: int) -> Mapping[str, Sequence[int]]:
    own = list(Signal.objects.filter(record=from_id).values_list("pk", flat=True))
    about = list(Signal.objects.filter(about__contains=[from_id]).values_list("pk", flat=True))
    _hand(own, about, from_id, to_id)
    return {"own": own, "about": about}


def _give_back(moved: Mapping[str, Sequence[int]], from_id: int, to_id: int) -> None:
    _hand(moved["own"], moved["about"], to_id, from_id)


def _hand(own: Sequence[int], about: Sequence[int], holder: int, to_id: int) -> None:
    Signal.objects.filter(record=holder, pk__in=own).update(record_id=to_id)
    replaced = Func(
        F("about"), Value(holder), Value(to_id), function="array_replace", template="%(function)s(%(expressions)s)"
    )
    Signal.objects.filter(pk__in=about).update(about=replaced)


def _move_mutes(from_id: int, to_id: int) -> Sequence[int]:
    """Whoever silenced both keeps both: the one that is gone says nothing until it is back."""
    going = _mutes_for(from_id, to_id)
    SignalMute.objects.filter(pk__in=going).update(record_id=to_id)
    return going


def _give_mutes_back(moved: Sequence[int], from_id: int, to_id: int) -> None:
    SignalMute.objects.filter(pk__in=set(moved) & set(_mutes_for(to_id, from_id))).update(record_id=from_id)


def _mutes_for(holder: int, to_id: int) -> list[int]:
    """Those of one record whose people have not silenced the other."""
    silent = SignalMute.objects.filter(record=to_id).values("person")
    return list(SignalMute.objects.filter(record=holder).exclude(person__in=silent).values_list("pk", flat=True))


SIGNALS_GO_ALONG = RecordBelongings(
    key="signals",
    label=_("Signals"),
    move=_move,
    give_back=_give_back,
    count=lambda _record_ids: (
        0
    ),  # that somebody was told of a record is nothing that was put into it: undoing may let it go
    erase=lambda record_ids: Signal.objects.filter(record__in=record_ids).delete() and None,
)
MUTES_GO_ALONG = RecordBelongings(
    key="mutes",
    label=_("Silenced customers"),
    move=_move_mutes,
    give_back=_give_mutes_back,
    count=lambda _record_ids: 0,
    erase=lambda record_ids: SignalMute.objects.filter(record__in=record_ids).delete() and None,
    is_offered=False,
)
