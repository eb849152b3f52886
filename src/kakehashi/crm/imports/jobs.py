from django.utils.translation import gettext_noop

from kakehashi.core.errors import NotFound
from kakehashi.core.events.subscribers import claim
from kakehashi.core.jobs import RETRY, jobs

from .models import Import, ImportState
from .running import fail, run_batches
from .undoing import undo_batches

STARTER_HAS_LEFT = gettext_noop("The person who started this import is no longer a member of the organisation.")


@jobs.task(name="crm.run_import", retry=RETRY)
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


@jobs.task(name="crm.undo_import", retry=RETRY)
def undo_import(import_id: int) -> None:
    """Take an import back, batch by batch; after a kill it goes on where it was."""
    with claim(f"import:{import_id}") as is_ours:
        if is_ours and Import.objects.filter(pk=import_id, state=ImportState.UNDOING).exists():
            for _rows_done in undo_batches(import_id):
                pass
