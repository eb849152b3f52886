"""Which words a ticket is found by. Pure."""

from collections.abc import Iterable

from kakehashi.core.normalise.html import text_of_html
from kakehashi.core.search.tokens import in_scope, index_tokens

MOST_TOKENS = 4_000  # some forty long mails; what is said after them is found by its own beginning only
LONGEST_TEXT = 10_000
_MOST_HTML = 60_000


def words_of(portal_id: int, head: Iterable[str], texts: Iterable[str]) -> list[str]:
    """The tokens of a ticket: of its head all, of what was said in it (in the order given) as many as fit."""
    found = dict.fromkeys(index_tokens(" ".join(head)))
    for text in texts:
        if len(found) >= MOST_TOKENS:
            break
        found |= dict.fromkeys(index_tokens(text[:LONGEST_TEXT]))
    return in_scope(list(found), portal_id)


def text_in(html: str) -> str:
    """The words of stored HTML, as far as they are searched."""
    return text_of_html(html[:_MOST_HTML])[:LONGEST_TEXT] if html else ""
