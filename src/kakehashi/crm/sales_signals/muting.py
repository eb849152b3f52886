"""What a person does not want to hear of any more."""

from django.db.models import QuerySet

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import GoneAs

from .models import Signal, SignalMute


def mute_thread(signal: Signal, label: str) -> SignalMute:
    """The ticket, or whatever one thing the signal is about."""
    return SignalMute.objects.update_or_create(
        org_id=signal.org_id, person_id=signal.person_id, thread=signal.thread, defaults={"label": label[:300]}
    )[0]


def mute_customer(signal: Signal) -> SignalMute:
    """All of the record that the signal is about; it is named by what it is called when somebody reads the list."""
    return SignalMute.objects.update_or_create(
        org_id=signal.org_id, person_id=signal.person_id, record=signal.record, thread="", defaults={"label": ""}
    )[0]


def mutes_of(access: CrmAccess) -> QuerySet[SignalMute]:
    """Not those of records that went into others: there the person silenced the others, too."""
    rows = SignalMute.objects.filter(org_id=access.org.pk, person_id=access.person.pk).order_by("-pk")
    rows = rows.exclude(record__gone_as__in=[GoneAs.MERGED, GoneAs.CONVERTED])
    return rows.select_related("record").defer("record__search", "record__values")
