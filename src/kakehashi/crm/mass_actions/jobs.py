from kakehashi.core.jobs import RETRY, jobs

from .running import work_off


@jobs.task(name="crm.run_mass_action", retry=RETRY)
def run_mass_action(action_id: int) -> None:
    """Work a mass action to its end. Run twice at once, the second one leaves; run again after a kill, it goes on where it was."""
    work_off(action_id)
