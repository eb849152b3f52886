"""What a person can be told of. The CRM declares its own kinds; floors above add theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kakehashi.core.errors import Text
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.slots import Slot

from .models import Signal


@dataclass(frozen=True, slots=True)
class Words:
    """A signal in words: what happened, how the words of a customer or colleague begin, and where it leads. `is_sheet`: the address
    opens over the page. Where `url` is "", it leads nowhere any more. `thread` names what the signal's thread is: "#101".
    """

    sentence: Text
    url: str
    excerpt: str = ""
    is_sheet: bool = False
    thread: Text = ""


Tell = Callable[[CrmAccess, Sequence[Signal]], Mapping[int, Words]]
"""Signals of one person in words, by their ids. Kinds that share it are told together, in as many queries for many as for one."""


@dataclass(frozen=True, slots=True)
class SignalKind:
    """`is_offered` says whether people of an org (by id) can be told of this kind just now."""

    code: str
    label: Text
    icon: str
    tell: Tell
    is_offered: Callable[[int], bool] = lambda _org_id: True
    about: Text = ""


def each(sentence: Callable[[Signal], Text], url: Callable[[Signal], str]) -> Tell:
    """The words of kinds that need nothing but the signal."""
    return lambda _access, signals: {one.pk: Words(sentence(one), url(one)) for one in signals}


SIGNAL_KINDS: Slot[SignalKind] = Slot("signal kinds")


def kind_named(code: str) -> SignalKind | None:
    """None for a kind of a floor that is not there any more."""
    return next((kind for kind in SIGNAL_KINDS if kind.code == code), None)


def _assigned(signal: Signal) -> Text:
    return _("%(person)s made you the owner.") % {"person": signal.data.get("by") or pgettext("person", "Somebody")}


def _record_url(signal: Signal) -> str:
    if signal.record is None:
        return reverse("crm_signals", args=[signal.org_id])
    return reverse("crm_record", args=[signal.org_id, signal.module_name, signal.record.pk])


def _mentioned(signal: Signal) -> Text:
    person = signal.data.get("by") or pgettext("person", "Somebody")
    return _("%(person)s mentioned you in a note.") % {"person": person}


def _import_finished(signal: Signal) -> Text:
    details = {"file": signal.data["file"], "rows": signal.data["rows"]}
    if signal.data["is_failed"]:
        return _("The import of “%(file)s” could not be finished.") % details
    return _("The import of “%(file)s” is finished: %(rows)s rows.") % details


def _import_url(signal: Signal) -> str:
    return reverse("crm_import", args=[signal.org_id, signal.data["import"]])


ASSIGNED = SignalKind(
    "record_assigned", gettext_lazy("Record assigned to you"), "user-check", each(_assigned, _record_url)
)
MENTIONED = SignalKind("note_mentioned", gettext_lazy("Mentioned in a note"), "at", each(_mentioned, _record_url))
IMPORT_FINISHED = SignalKind(
    "import_finished", gettext_lazy("Import finished"), "upload", each(_import_finished, _import_url)
)

SIGNAL_KINDS.add(ASSIGNED, order=10)
SIGNAL_KINDS.add(MENTIONED, order=11)
SIGNAL_KINDS.add(IMPORT_FINISHED, order=12)
