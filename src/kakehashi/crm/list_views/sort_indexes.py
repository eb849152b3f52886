"""Indexes for the columns that large lists are sorted by, made when somebody first does so (docs/decisions/0010)."""

from django.db import connection, models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from procrastinate.exceptions import AlreadyEnqueued

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record

from .sort_keys import is_number_sort, sort_key

PREFIX = "crm_sort_"
MOST_INDEXES = 60


def ask_for_index(module: ModuleSchema, key: str) -> None:
    """Have the order's index made in the background, unless it is there or being made."""
    from .jobs import make_sort_index

    if _state(index_name(module, key)):
        return
    try:
        make_sort_index.configure(queueing_lock=index_name(module, key)).defer(
            org_id=module.org_id, module_id=module.id, key=key
        )
    except AlreadyEnqueued:
        return


def make_index(module: ModuleSchema, key: str) -> bool:
    """Without holding up any writer. False when there are as many as one database should bear."""
    name = index_name(module, key)
    if _state(name) == "valid":
        return True
    if _state(name) == "broken":  # its making was interrupted
        drop_index(name)
    if len(index_names()) >= MOST_INDEXES:
        return False
    index = models.Index(
        OrderBy(sort_key(module, key)), F("id"), name=name, condition=Q(module_id=module.id, deleted_at=None)
    )
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(Record, index, concurrently=True)  # type: ignore[call-arg]  # PostgreSQL's editor knows it
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_record")  # the planner learns how the new expression is spread
    return True


def drop_index(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")


def index_name(module: ModuleSchema, key: str) -> str:
    """By the field and by how it is compared: after a change of its type another index is asked for."""
    return f"{PREFIX}{module.fields[key].id}_{'n' if is_number_sort(module, key) else 't'}"


def index_names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname LIKE %s", [f"{PREFIX}%"])
        return [row[0] for row in cursor.fetchall()]


def _state(name: str) -> str:
    """ "" (none), "valid" or "broken"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        row = cursor.fetchone()
    return "" if row is None else "valid" if row[0] else "broken"
