"""Fresh statistics for PostgreSQL's planner while a table grows fast.

Autovacuum looks at a table once a minute, and only when a tenth of it is new. An organisation whose first hundred thousand rows come in
that minute has none as far as the planner knows: it then reads all of the organisation's rows where it should take a thousand by their keys.
"""

from django.db import connection
from django.db.models import Model

FIRST_ROWS = 2_000
GROWTH = 3


def is_milestone(before: int, after: int) -> bool:
    """Whether the count passed 2,000, 6,000, 18,000 … rows between these two: often enough while little is known, seldom when much is."""
    milestone = FIRST_ROWS
    while milestone <= before:
        milestone *= GROWTH
    return milestone <= after


def analyze(model: type[Model], *columns: str) -> None:
    """Look at these columns again; others, costly to look at, keep what is known of them. A few dozen milliseconds, whatever the size."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {quote(model._meta.db_table)} ({', '.join(map(quote, columns))})")
