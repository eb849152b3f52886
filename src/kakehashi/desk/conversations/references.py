"""Tickets that a text names by their number: `#101` becomes a link where the reader may open it. Pure."""

import re
from collections.abc import Iterable, Mapping

from django.utils.html import escape

_TAG = re.compile(r"(<[^>]*>)")
_NUMBER = re.compile(r"(?<![\w&#/])[#＃](\d{1,12})(?!\w)")


def numbers_in(texts: Iterable[str]) -> set[int]:
    return {int(match[1]) for html in texts if "#" in html or "＃" in html for match in _NUMBER.finditer(html)}


def with_links(html: str, links: Mapping[int, str]) -> str:
    """Safe HTML with the numbers that have an address as links; what stands in a tag or in another link stays."""
    if not links or ("#" not in html and "＃" not in html):
        return html
    inside = 0
    parts = []
    for part in _TAG.split(html):
        if part.startswith("<"):
            inside += part[:3].lower() in {"<a ", "<a>"}
            inside -= part[:4].lower() == "</a>"
        elif not inside:
            part = _NUMBER.sub(lambda match: _link(match, links), part)  # noqa: PLW2901 - the part as it is shown
        parts.append(part)
    return "".join(parts)


def _link(match: re.Match[str], links: Mapping[int, str]) -> str:
    address = links.get(int(match[1]))
    return f'<a class="k-ticket-link" href="{escape(address)}">{match[0]}</a>' if address else match[0]
