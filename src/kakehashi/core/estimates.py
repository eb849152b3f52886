"""What the database expects of a query before it is run."""

import json
from typing import Any

from django.db.models import QuerySet


def estimated_rows(rows: QuerySet[Any]) -> int:
    """How many rows it would find, from the statistics of its columns: right to a few per cent for common values, a guess for rare
    ones. It costs the planning only.
    """
    plan = json.loads(rows.order_by().values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
