from kakehashi.core.events.subscribers import claim
from kakehashi.core.jobs import RETRY_WATCHED, jobs, when_given_up

from .models import Transfer
from .running import finish, give_up, run_batches


@jobs.task(name="crm.run_transfer", retry=RETRY_WATCHED)
def run_transfer(transfer_id: int) -> None:
    """Work a transfer to its end. Run twice at once, the second one leaves; run again after a kill, it goes on where it was."""
    with claim(f"transfer:{transfer_id}") as is_ours:
        if not is_ours:
            return
        found = Transfer.objects.select_related("org", "giver", "taker").filter(pk=transfer_id, finished_at=None)
        transfer = found.first()
        if transfer is None:
            return
        for _done in run_batches(transfer):
            pass
        finish(transfer)


@when_given_up(run_transfer)
def give_up_transfer(transfer_id: int) -> None:
    give_up(transfer_id)
