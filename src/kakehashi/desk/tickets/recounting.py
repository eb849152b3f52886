"""Counting the kept figures anew from the tickets: after data came in past the actions, or to be sure."""

from typing import Any

from django.db import connection, transaction

from kakehashi.desk.portals.models import Portal

from .counting import CUSTOMER_ROWS, DEPARTMENT_ROWS, PRODUCT_ROWS
from .figures import FIGURES
from .tally_models import CustomerTally, DepartmentTally, ProductTally

_NAMES = ", ".join(FIGURES)
_Tally = type[CustomerTally] | type[DepartmentTally] | type[ProductTally]
_TABLES: dict[_Tally, tuple[str, str]] = {
    CustomerTally: ("portal_id, account_id, contact_id, department_id, month", CUSTOMER_ROWS),
    ProductTally: ("portal_id, product_id, department_id, day", PRODUCT_ROWS),
    DepartmentTally: ("portal_id, department_id, grain, since, shard", DEPARTMENT_ROWS),
}


@transaction.atomic
def recount_figures(portal: Portal) -> None:
    """Whoever changes a ticket meanwhile waits at their commit, and adds to what is counted here (tallies.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('desk:figures:' || %s, 0))", [portal.pk])
        for model, (keys, rows) in _TABLES.items():
            model.objects.filter(portal=portal).delete()
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({keys}, {_NAMES}) {rows}", {"portal": portal.pk})


def wrong_figures(portal: Portal) -> int:
    """How many kept rows differ from a recount; 0 is right. Rows of nothing but zeros count as none."""
    with connection.cursor() as cursor:
        return sum(_count_wrong(cursor, portal, model) for model in _TABLES)


def _count_wrong(cursor: Any, portal: Portal, model: _Tally) -> int:
    keys, rows = _TABLES[model]
    is_something = " OR ".join(f"{name} <> 0" for name in FIGURES)
    kept = f"SELECT {keys}, {_NAMES} FROM {model._meta.db_table} WHERE portal_id = %(portal)s AND ({is_something})"  # noqa: S608
    cursor.execute(
        f"WITH kept AS ({kept}), counted AS ({rows}) SELECT count(*) FROM "  # noqa: S608
        "((TABLE kept EXCEPT TABLE counted) UNION ALL (TABLE counted EXCEPT TABLE kept)) wrong",
        {"portal": portal.pk},
    )
    return int(cursor.fetchone()[0])
