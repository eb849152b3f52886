"""HTML to plain text and back, without judging whether it is safe."""

import html as entities
import re

_BLOCK_ENDS = re.compile(r"</(?:p|div|li|tr|h[1-6]|blockquote|pre|table)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_MANY_LINES = re.compile(r"\n{3,}")


def html_of_text(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, single line ends stay."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block]
    return "".join(f"<p>{entities.escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def text_of_html(html: str) -> str:
    """HTML as plain text for the text part of a mail, for search and for excerpts. Links keep their address."""
    text = _LINK.sub(_link_as_text, html)
    text = _BLOCK_ENDS.sub("\n", text.replace("\r", "").replace("\n", " "))
    text = entities.unescape(_TAG.sub("", text)).replace("\xa0", " ")
    lines = [line.strip() for line in text.split("\n")]
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _link_as_text(match: re.Match[str]) -> str:
    address, label = entities.unescape(match[1]), _TAG.sub("", match[2]).strip()
    if not address.startswith(("http:", "https:")) or entities.unescape(label) == address:
        return label
    return f"{label} &lt;{entities.escape(address)}&gt;"
