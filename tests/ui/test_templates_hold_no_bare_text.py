"""Texts for people stand inside translation tags, in elements and in the attributes that are read aloud or shown."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kakehashi

SOURCE = Path(kakehashi.__file__).parent
SHOWN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt", "aria-description"}
NAMES = {"Kakehashi", "CRM", "Desk", "CSV", "Cc", "Bcc", "https", "Ctrl", "Enter", "English"}
WORD = re.compile(r"[A-Za-z]{2,}|[\u3040-\u30ff\u4e00-\u9fff]")
TRANSLATED = re.compile(r"{%\s*(blocktrans\w*|comment)\b.*?%}.*?{%\s*end\1\s*%}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipped = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "kbd", "code"}:
            self.skipped = tag
        self.found += [value for name, value in attributes if name in SHOWN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipped:
            self.skipped = ""

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.found.append(data)


def bare_texts(template: str) -> Iterator[str]:
    parser = Texts()
    parser.feed(TAG.sub("", TRANSLATED.sub("", template)))
    for text in parser.found:
        words = [word for word in WORD.findall(text) if word not in NAMES]
        if words:
            yield text.strip()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.html")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_holds_no_bare_text(path: Path) -> None:
    assert list(bare_texts(path.read_text())) == []


def test_bare_texts_are_found() -> None:
    page = """<p title="Big">{% translate "Fine" %} {{ value }} 素</p>{% blocktranslate %}Fine, too{% endblocktranslate %}<kbd>Esc</kbd>"""
    assert list(bare_texts(page)) == ["Big", "素"]
