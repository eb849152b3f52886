"""What is still told of a contact, an account or a product that is erased: that something happened stays, the names and values go."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from kakehashi.core.events.models import Event
from kakehashi.desk.portals.models import Portal

from .models import RecordMerge

CUSTOMERS = ("mail", "web form", "customer")  # origins of events whose person is a customer


def empty_events(portal: Portal, kind: str, record_ids: Sequence[int]) -> None:
    own = Event.objects.filter(tenant=portal.tenant, kind=f"desk.{kind}", subject_id__in=record_ids)
    own.filter(origin__in=CUSTOMERS).update(person_name="")
    own.update(data={})


def merges_of(portal: Portal, kind: str, record_ids: Sequence[int]) -> QuerySet[RecordMerge]:
    """Those that made other records part of these, or these part of others."""
    took_part = Q(survivor_id__in=record_ids) | Q(losers__record_id__in=record_ids)
    return RecordMerge.objects.filter(took_part, portal=portal, kind=kind).distinct()


def forget_merges(portal: Portal, kind: str, record_ids: Sequence[int]) -> None:
    """What a merge remembers are values of all who took part; the survivor's events name them, too. None of them is taken back any more."""
    merges = list(merges_of(portal, kind, record_ids))
    for merge in merges:
        survivor = Event.objects.filter(kind=f"desk.{kind}", subject_id=merge.survivor_id)
        survivor.filter(origin=f"merge:{merge.pk}").update(data={})
        topics = [f"desk.{kind}.merged", f"desk.{kind}.unmerged"]
        survivor.filter(topic__in=topics, data__merge=merge.pk).update(data={})
    RecordMerge.objects.filter(pk__in=[merge.pk for merge in merges]).delete()
