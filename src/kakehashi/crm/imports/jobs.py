from django.utils.translation import gettext_noop

from kakehashi.core.errors import NotFound
from kakehashi.core.events.subscribers import claim
from kakehashi.core.jobs import RETRY_WATCHED, jobs, when_given_up

from .models import Import, ImportState
from .running import fail, run_batches
from .undoing import fail_undo, undo_batches

STARTER_HAS_LEFT = gettext_noop("The person who started this import is no longer a member of the organisation.")

GAVE_UP = gettext_noop(
    "It failed several times for a reason that is not in your file, and was stopped. What was written stays. Try to go on; if that"
    " fails again, the log of the server says why."
)


@jobs.task(name="crm.run_import", retry=RETRY_WATCHED)
def run_import(import_id: int) -> None:
    """Work a dry run or an import to its end. Run twice at once, the second one leaves; run again after a kill, it goes on where it was."""
    with claim(f"import:{import_id}") as is_ours:
        if not is_ours or not Import.objects.filter(pk=import_id, state__in=["checking", "running"]).exists():
            return
        try:
            for _rows_done in run_batches(import_id):
                pass
        except NotFound:
            fail(import_id, STARTER_HAS_LEFT)


@when_given_up(run_import)
def give_up_import(import_id: int) -> None:
    fail(import_id, GAVE_UP)


@jobs.task(name="crm.undo_import", retry=RETRY_WATCHED)
def undo_import(import_id: int) -> None:
    """Take an import back, batch by batch; after a kill it goes on where it was."""
    with claim(f"import:{import_id}") as is_ours:
        if is_ours and Import.objects.filter(pk=import_id, state=ImportState.UNDOING).exists():
            for _rows_done in undo_batches(import_id):
                pass


@when_given_up(undo_import)
def give_up_undo(import_id: int) -> None:
    fail_undo(import_id, GAVE_UP)
