"""A column of search tokens."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Lookup

from .tokens import as_tsquery, in_scope, query_tokens


@dataclass(frozen=True, slots=True)
class Scoped:
    """A text to look for among the rows of one scope: the tokens of every column carry theirs (`tokens.in_scope`)."""

    text: str
    scope: object


class TokenField(models.Field[Any, Any]):
    """`tsvector` of the tokens assigned as a list (`search.tokens.in_scope`). Index it with GIN; search it with `__has`.

    A row that was read and is saved again keeps what is stored: the text form of a tsvector is written back as it is.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", list)
        options.setdefault("editable", False)
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector" if isinstance(value, str) else "array_to_tsvector(%s::text[])"


@TokenField.register_lookup
class Has(Lookup[Any]):
    """`search__has=Scoped("田中 tl-2", tenant)`: every token of the text begins some stored token. A text without tokens finds nothing."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        if not isinstance(self.rhs, Scoped):
            raise TypeError("words are searched for with Scoped(text, scope)")
        return as_tsquery(in_scope(query_tokens(self.rhs.text), self.rhs.scope))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*parameters, self.rhs]
