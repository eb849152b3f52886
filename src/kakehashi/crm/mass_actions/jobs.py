from kakehashi.core.jobs import RETRY_WATCHED, jobs, when_given_up

from .running import give_up, work_off


@jobs.task(name="crm.run_mass_action", retry=RETRY_WATCHED)
def run_mass_action(action_id: int) -> None:
    """Work a mass action to its end. Run twice at once, the second one leaves; run again after a kill, it goes on where it was."""
    work_off(action_id)


@when_given_up(run_mass_action)
def give_up_mass_action(action_id: int) -> None:
    give_up(action_id)
