"""When both sides are compared: every night, once, in the organisation's time zone, also after a standstill; and whenever somebody asks."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core import clock
from kakehashi.core.errors import ProductError

NIGHT = time(2, 30)


class CannotCompareNow(ProductError):
    code = "cannot_compare_now"
    status = 409
    message = _("Both sides can be compared once the sync runs: approve the plan or resume it first.")


@transaction.atomic
def start_comparison(connection: Connection, occasion: Run.Occasion, *, by_name: str = "") -> Run:
    """Begin one, or answer the run in progress: it looks at every record, too. Raises `CannotCompareNow` while nothing is carried across."""
    living = Connection.objects.select_for_update().filter(pk=connection.pk, state=State.CONNECTED).first()
    if living is None:
        raise CannotCompareNow
    running = Run.objects.filter(connection=living, finished_at=None).first()
    if running:
        return running
    run = start_run(living, Run.Kind.COMPARE)
    run.occasion, run.by_name = occasion, by_name
    run.save(update_fields=["occasion", "by_name"])
    return run


def start_due_comparisons() -> None:
    """Those of last night that have not been begun; run every few minutes."""
    for connection in Connection.objects.filter(state=State.CONNECTED).order_by("pk"):
        if is_due(connection):
            start_comparison(connection, Run.Occasion.NIGHT)


def is_due(connection: Connection) -> bool:
    """Whether nobody has compared since last night. What was set up since then has just been looked at as a whole."""
    night = last_night(connection)
    compared = Run.objects.filter(connection=connection, kind=Run.Kind.COMPARE, started_at__gte=night).exclude(
        occasion=""
    )
    return connection.set_up_at < night and not compared.exists()


def last_night(connection: Connection) -> datetime:
    """The last half past two in the organisation's time zone."""
    zone = ZoneInfo(crm_side(connection.org_id).time_zone)
    now = clock.now().astimezone(zone)
    night = datetime.combine(now.date(), NIGHT, zone)
    return night if night <= now else datetime.combine(now.date() - timedelta(days=1), NIGHT, zone)


def next_night(connection: Connection) -> datetime:
    last = last_night(connection)
    return datetime.combine(last.date() + timedelta(days=1), NIGHT, last.tzinfo)
