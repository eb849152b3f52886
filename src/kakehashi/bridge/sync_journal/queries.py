"""A part of the journal: of a kind, of a record or one field of it, of a run, since a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.undo_plan import UNDOABLE
from kakehashi.core.ids import is_id

LINES_PER_PAGE = 50
_IDS = ("crm_id", "desk_id", "run")
_LASTING = (
    JournalRow.Kind.REMOVED, JournalRow.Kind.RESTORED, JournalRow.Kind.PARTED, JournalRow.Kind.MERGED,
)  # fmt: skip
_MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class JournalChoice:
    """What of the journal is looked at; empty or None means all. `field` is the Desk's name of one, of a record."""

    module: str = ""
    kind: str = ""
    crm_id: int | None = None
    desk_id: int | None = None
    run: int | None = None
    field: str = ""
    since: datetime | None = None

    def filters(self) -> Q:
        wanted = Q(at__gte=self.since) if self.since else Q()
        for name in ("module", "kind", *_IDS):
            if value := getattr(self, name):
                wanted &= Q(**{name: value})
        return wanted & Q(changes__has_key=self.field) if self.field else wanted

    @property
    def is_about_one(self) -> bool:
        """Of one record or one run, or since a moment: what can be taken back as a whole."""
        return bool(self.crm_id or self.desk_id or self.run or self.since)

    @property
    def since_text(self) -> str:
        """As a browser's input takes it, in the reader's time zone."""
        return f"{timezone.localtime(self.since):{_MINUTE}}" if self.since else ""

    @property
    def values(self) -> dict[str, str]:
        """What is not empty, as an address or a form carries it."""
        values = {name: str(getattr(self, name) or "") for name in ("module", "kind", "field", *_IDS)}
        return {name: value for name, value in {**values, "since": self.since_text}.items() if value}

    def query(self, **other: str) -> str:
        """The same as a part of an address, with some of it changed."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**self.values, **other}.items() if value})
        return query.urlencode()


def read_choice(data: Mapping[str, str]) -> JournalChoice:
    """What is no choice of ours counts as none."""
    ids = {name: int(value) for name in _IDS if is_id(value := data.get(name, ""))}
    module, kind = data.get("module", ""), data.get("kind", "")
    return JournalChoice(
        module=module if module in Module.values else "",
        kind=kind if kind in JournalRow.Kind.values else "",
        field=data.get("field", "")[:60] if ids.keys() & {"crm_id", "desk_id"} or data.get("line") else "",
        since=_moment(data.get("since", "")),
        **ids,
    )


def _moment(text: str) -> datetime | None:
    """What the reader meant by it; None for what is no moment."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def lines_of(connection: Connection, choice: JournalChoice) -> QuerySet[JournalRow]:
    return JournalRow.objects.filter(choice.filters(), connection=connection)


def undoable_lines(connection: Connection, choice: JournalChoice) -> QuerySet[JournalRow]:
    """Those that can perhaps be taken back, the newest first."""
    return lines_of(connection, choice).filter(undone_at=None, kind__in=UNDOABLE).order_by("-pk")


def lasting_lines(connection: Connection, choice: JournalChoice) -> QuerySet[JournalRow]:
    """What was done to records as a whole, which only their recycle bins and merges give back."""
    return lines_of(connection, choice).filter(kind__in=_LASTING)
