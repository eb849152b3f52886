"""A column of search tokens."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Lookup

from .tokens import as_tsquery, in_scope, query_tokens


@dataclass(frozen=True, slots=True)
class Scoped:
    """A text to look for among the rows of one scope, in a column whose tokens carry theirs (`tokens.in_scope`)."""

    text: str
    scope: object


class TokenField(models.Field[Any, Any]):
    """`tsvector` of the tokens assigned as a list (`search.tokens.index_tokens`). Index it with GIN; search it with `__has`.

    A row that was read and is saved again keeps what is stored: the text form of a tsvector is written back as it is.
    The tokens of a scoped field carry the scope of their row, and it is searched with `Scoped`.
    """

    def __init__(self, *, is_scoped: bool = False, **options: Any) -> None:
        self.is_scoped = is_scoped
        options.setdefault("default", list)
        options.setdefault("editable", False)
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tsvector" if isinstance(value, str) else "array_to_tsvector(%s::text[])"


@TokenField.register_lookup
class Has(Lookup[Any]):
    """`search__has="田中 tl-2"`: every token of the text begins some stored token. A text without tokens finds nothing."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        is_scoped = getattr(self.lhs.output_field, "is_scoped", False)
        if is_scoped != isinstance(self.rhs, Scoped):
            raise TypeError("a scoped field is searched with Scoped(text, scope), any other with a text")
        if isinstance(self.rhs, Scoped):
            return as_tsquery(in_scope(query_tokens(self.rhs.text), self.rhs.scope))
        return as_tsquery(query_tokens(str(self.rhs)))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*parameters, self.rhs]
