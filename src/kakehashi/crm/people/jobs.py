from kakehashi.core.jobs import RETRY, jobs
from kakehashi.crm.orgs.models import Org

from .renaming import rename_people


@jobs.task(name="crm.rename_people", retry=RETRY)
def rename_people_of(org_id: int) -> None:
    """After the org chose another order of names."""
    if org := Org.objects.filter(pk=org_id).first():
        rename_people(org)
