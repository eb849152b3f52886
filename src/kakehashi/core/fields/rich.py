"""Text with bold words, lists and links."""

import re
from html import escape
from typing import Any

import nh3
from django.utils.translation import gettext_noop

from kakehashi.core.normalise.html import text_of_html

from .kind import Kind, Names
from .reasons import ValueRefused
from .schema import FieldSchema

LONGEST = 64_000
_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "i", "li", "ol", "p", "pre", "s", "strong", "u", "ul",
}  # fmt: skip
_LOOKS_LIKE_HTML = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_SHORT = 200


class RichTextKind(Kind):
    """Stored as HTML that was made safe on its way in, so that whatever is stored may be shown. Plain text is taken, too."""

    widget = "rich"
    is_wide = True

    def clean(self, value: Any, schema: FieldSchema) -> str | None:
        html = "" if value is None else str(value).replace("\x00", "").strip()
        html = safe_html(html if _LOOKS_LIKE_HTML.search(html) else _html_of(html))
        if html and not _LOOKS_LIKE_HTML.search(html):
            html = f"<div>{html}</div>"  # nothing was left but words, escaped already
        if len(html) > LONGEST:
            raise ValueRefused(
                gettext_noop("At most %(longest)s characters; these are %(length)s."), longest=LONGEST, length=len(html)
            )
        return html if text_of_html(html) else None

    def display(self, value: Any, schema: FieldSchema, names: Names) -> str:
        text = " ".join(text_of_html(value or "").split())
        return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"

    def search_text(self, value: Any) -> str:
        return text_of_html(value)


def safe_html(html: str) -> str:
    """What the editor can make, and nothing else: no pictures, styles, classes, handlers or frames."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def _html_of(text: str) -> str:
    """Plain text in the shape that the editor gives to it, so that opening it there changes nothing."""
    lines = escape(text.replace("\r\n", "\n"), quote=False).replace("\n", "<br>")
    return f"<div>{lines}</div>" if lines else ""
