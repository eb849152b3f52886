"""PostgreSQL's 64-bit transaction id as a column."""

from typing import Any

from django.db import models
from django.db.models import Func


class TransactionId(models.Field[int, int]):
    """`xid8`, read as an int. Filled by the database with the id of the transaction that writes the row."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("db_default", Func(function="pg_current_xact_id"))
        options.setdefault("editable", False)
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)
