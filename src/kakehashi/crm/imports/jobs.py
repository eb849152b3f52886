from kakehashi.core.events.subscribers import claim
from kakehashi.core.jobs import RETRY, jobs

from .models import Import, ImportState
from .running import finish, run_batches


@jobs.task(name="crm.run_import", retry=RETRY)
def run_import(import_id: int) -> None:
    """Work an import to its end. Run twice at once, the second one leaves; run again after a kill, it goes on where it was."""
    with claim(f"import:{import_id}") as is_ours:
        if not is_ours:
            return
        source = Import.objects.select_related("org", "file").filter(pk=import_id, state=ImportState.RUNNING).first()
        if source is None:
            return
        for _rows_done in run_batches(source):
            pass
        finish(source)
