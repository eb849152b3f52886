"""What people hear of once a day, by mail: in their language, each signal in one mail only, whatever is killed meanwhile."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from kakehashi.core import clock
from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import access_of
from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.preferences.time_zones import zone_named

from .models import WAITS_FOR_DIGEST, Signal, SignalHabit
from .queries import grouped

logger = logging.getLogger(__name__)

_HOUR = 8  # of the reader's day
MOST = 100
_TEMPLATE = "crm/sales_signals/templates/digest"


def send_digests() -> int:
    """To everybody for whom something waits and whose day has come. Answers how many mails; one that fails keeps no other."""
    waiting = Signal.objects.filter(WAITS_FOR_DIGEST).values_list("org_id", "person_id").distinct()
    return sum(_tried(org_id, person_id) for org_id, person_id in waiting)


def is_due(now: datetime, last: date | None) -> bool:
    """Pure; `now` in the reader's time zone, `last` the day of their last one."""
    return now.hour >= _HOUR and (last is None or last < now.date())


def _tried(org_id: int, person_id: int) -> bool:
    try:
        return send_digest(org_id, person_id)
    except Exception:
        logger.exception("The digest of person %s in org %s failed", person_id, org_id)
        return False


@transaction.atomic
def send_digest(org_id: int, person_id: int) -> bool:
    """The mail and the marks of what stands in it together. False where it is not time, or somebody else is at it."""
    SignalHabit.objects.get_or_create(org_id=org_id, person_id=person_id)
    habit = SignalHabit.objects.select_for_update(skip_locked=True).filter(org_id=org_id, person_id=person_id).first()
    if habit is None:
        return False
    waiting = Signal.objects.filter(WAITS_FOR_DIGEST, org_id=org_id, person_id=person_id)
    try:
        access = access_of(person_id, org_id)
    except NotFound:  # has left: nothing waits for them any more
        waiting.update(digested_at=clock.now())
        return False
    zone = zone_named(access.person.time_zone)
    now = timezone.localtime(clock.now(), zone)
    if not is_due(now, habit.digested_on):
        return False
    ids = list(waiting.order_by("-pk").values_list("pk", flat=True))  # what comes meanwhile waits for the next one
    if not ids:
        return False
    newest = Signal.objects.filter(pk__in=ids[:MOST]).order_by("-pk")
    signals = list(newest.select_related("record__module").defer("record__search", "record__values"))
    with translation.override(access.person.language), timezone.override(zone):
        groups = grouped(access, signals)
        link = settings.PUBLIC_URL.rstrip("/") + reverse("crm_signals", args=[org_id])
        more = max(0, len(ids) - MOST)
        context = {"groups": groups, "count": len(ids), "more": more, "org": access.org, "link": link}
        queue_mail(_TEMPLATE, access.person.email, context, person=access.person)
    Signal.objects.filter(pk__in=ids).update(digested_at=clock.now())
    habit.digested_on = now.date()
    habit.save(update_fields=["digested_on"])
    return True
