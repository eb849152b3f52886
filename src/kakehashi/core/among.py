"""Many values in one parameter."""

from typing import Any

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup[Any]):
    """`value__among=[…]`: what `__in` says, with all the values in one array. A thousand of them cost Django and psycopg a thousand
    placeholders otherwise.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, self.rhs]
