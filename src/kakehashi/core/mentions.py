"""Names that a text calls: "@" and somebody's whole name."""

import re
from collections import defaultdict
from collections.abc import Sequence

from django.utils.html import escape

_TAG = re.compile(r"(<[^>]*>)")


def mentioned(text: str, people: Sequence[tuple[int, str]]) -> list[int]:
    """The ids of those whom a text calls, out of (id, name). Of two names that begin alike the longer one is meant, of people with
    one name all.
    """
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for person_id, name in people:
        ids[name].append(person_id)
    pattern = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    called = re.findall(f"[@＠]({pattern})", text) if pattern else []
    return [person_id for name in dict.fromkeys(called) for person_id in ids[name]]


def with_mentions(html: str, names: Sequence[str]) -> str:
    """Safe HTML with "@name" of these people marked, outside its tags."""
    pattern = "|".join(re.escape(escape(name)) for name in sorted(names, key=len, reverse=True))
    if not pattern or ("@" not in html and "＠" not in html):
        return html
    mark = re.compile(f"([@＠](?:{pattern}))")
    return "".join(
        part if part.startswith("<") else mark.sub(r'<span class="k-mention">\1</span>', part)
        for part in _TAG.split(html)
    )
