from kakehashi.core.jobs import RETRY, jobs

from .running import work_off


@jobs.task(name="desk.run_bulk_change", retry=RETRY)
def run_bulk_change(change_id: int) -> None:
    """Work a change to its end; run again after a kill, it goes on with the rows that still wait."""
    work_off(change_id)
