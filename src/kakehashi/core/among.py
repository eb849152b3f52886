"""Many values in one parameter."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db.models import Field, JSONField, Lookup


def as_bigints(ids: Iterable[int]) -> str:
    """For `%s::bigint[]`: psycopg writes a list number by number in Python, which takes longer than to ask for hundreds of rows."""
    return f"{{{','.join(map(str, ids))}}}"


def as_array(values: Sequence[Any]) -> Sequence[Any] | str:
    """The same for numbers alone; anything else as it is."""
    return as_bigints(values) if all(type(one) is int for one in values) else values


@Field.register_lookup
class Among(Lookup[Any]):
    """`value__among=[…]`: what `__in` says, with all the values in one array. A thousand of them cost Django and psycopg a thousand
    placeholders otherwise. Nothing is among no values, and the database is not asked.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs:
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, as_array(self.rhs)]


@ArrayField.register_lookup
class AnyAmong(Lookup[Any]):
    """`values__any_among=[…]`: what `__overlap` says, with all the values in one array."""

    lookup_name = "any_among"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.cast_db_type(connection)
        return f"{column} && %s::{kind}", [*parameters, as_array(self.rhs)]


@JSONField.register_lookup
class ContainsAny(Lookup[Any]):
    """`values__contains_any=[{…}, …]`: one of the objects at least is contained; a GIN index over the column answers it."""

    lookup_name = "contains_any"

    def get_prep_lookup(self) -> list[str]:
        return [json.dumps(one) for one in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @> ANY(%s::jsonb[])", [*parameters, self.rhs]
