from zoneinfo import ZoneInfo

from kakehashi.bridge.connection.models import State
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.core import clock
from kakehashi.core.jobs import jobs

from .models import TypeSorting
from .progress import sort_anew


@jobs.periodic(cron="3 * * * *")
@jobs.task(name="bridge.sort_by_the_new_day", queueing_lock="bridge.sort_by_the_new_day")
def sort_by_the_new_day(timestamp: int) -> None:
    """After midnight, where the org works: conditions such as "closes in the next 30 days" mean others now, and nothing tells of it."""
    for board in TypeSorting.objects.exclude(connection__state=State.DISABLED).select_related("connection"):
        zone = ZoneInfo(crm_side(board.connection.org_id).time_zone)
        if clock.now().astimezone(zone).hour == 0:
            sort_anew(board.connection)
