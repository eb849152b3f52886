"""Noting what a person opens and searches for: their own traces, kept short, told to nobody else."""

from django.db import transaction

from kakehashi.core import clock
from kakehashi.core.normalise.text import fold
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record

from .models import OpenedRecord, RecentSearch

MOST_OPENED = 20
MOST_SEARCHES = 10


@transaction.atomic
def note_opened(access: CrmAccess, record: Record) -> None:
    """The record comes first in the person's list; the oldest drops out. Two small statements, since every opened page pays them."""
    row = OpenedRecord(org=access.org, person=access.person, record=record, opened_at=clock.now())
    OpenedRecord.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["person", "record"], update_fields=["opened_at"]
    )
    mine = OpenedRecord.objects.filter(org=access.org, person=access.person)
    mine.filter(pk__in=mine.order_by("-opened_at", "-pk").values("pk")[MOST_OPENED:]).delete()


@transaction.atomic
def note_search(access: CrmAccess, text: str) -> None:
    """Words that were searched for to the end, not what somebody typed on the way."""
    text = " ".join(text.split())[:200]
    if not (folded := fold(text)[:400]):
        return
    row = RecentSearch(org=access.org, person=access.person, text=text, folded=folded, searched_at=clock.now())
    RecentSearch.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["org", "person", "folded"],
        update_fields=["text", "searched_at"],
    )
    mine = RecentSearch.objects.filter(org=access.org, person=access.person)
    mine.filter(pk__in=mine.order_by("-searched_at", "-pk").values("pk")[MOST_SEARCHES:]).delete()


@transaction.atomic
def forget_recents(access: CrmAccess) -> None:
    """All that was noted of this person in this org."""
    OpenedRecord.objects.filter(org=access.org, person=access.person).delete()
    RecentSearch.objects.filter(org=access.org, person=access.person).delete()
