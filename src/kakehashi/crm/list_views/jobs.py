"""Background work of lists."""

from kakehashi.core.jobs import RETRY, jobs
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org

from .sort_indexes import PREFIX, drop_index, index_names, make_index


@jobs.task(name="crm.make_sort_index", retry=RETRY)
def make_sort_index(org_id: int, module_id: int, key: str) -> None:
    org = Org.objects.filter(pk=org_id).first()
    module = schema_of(org).by_id.get(module_id) if org else None
    if module and key in module.fields:
        make_index(module, key)


@jobs.periodic(cron="41 3 * * *")
@jobs.task(name="crm.drop_sort_indexes", queueing_lock="crm.drop_sort_indexes")
def drop_sort_indexes(timestamp: int) -> None:
    """Those of fields that are gone."""
    live = set(Field.objects.filter(removed_at=None).values_list("pk", flat=True))
    for name in index_names():
        if int(name.removeprefix(PREFIX).split("_")[0]) not in live:
            drop_index(name)
