"""Words by which contacts, accounts, products and the log of mails are found. Their tokens carry the portal, so that the index starts from
the tenant, however many others there are.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from kakehashi.core.search.fields import Scoped
from kakehashi.core.search.tokens import in_scope, index_tokens, phone_tokens
from kakehashi.desk.portals.models import Portal

Row = TypeVar("Row", bound=Model)


def tokens_of(portal_id: int, text: str, phones: Sequence[str] = ()) -> list[str]:
    """What a row is found by: the words of the text, and any part of its (normalised) phone numbers."""
    return in_scope([*index_tokens(text), *(token for phone in phones for token in phone_tokens(phone))], portal_id)


def found_by(rows: QuerySet[Row], portal: Portal, text: str) -> QuerySet[Row]:
    """Those of a portal's rows that hold every word."""
    return rows.filter(search__has=Scoped(text, portal.pk))
