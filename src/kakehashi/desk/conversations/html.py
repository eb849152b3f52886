"""HTML from outside made safe. Cleaned on the way in, so that whatever is stored may be shown."""

import re

import nh3

from kakehashi.core.normalise.html import html_of_text, text_of_html

__all__ = ["clean_html", "has_content", "html_of_text", "text_of_html"]

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre",
    "q", "s", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href", "name"},
    "blockquote": {"cite", "type"},
    "col": {"span", "width"},
    "div": {"class"},
    "font": {"color"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"align", "colspan", "rowspan", "valign", "width"},
    "th": {"align", "colspan", "rowspan", "valign", "width"},
}
# No position, no z-index, no url(): nothing that can leave its box, lie over our buttons or fetch something.
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-right",
    "border-style", "border-top", "border-width", "color", "font-family", "font-size", "font-style", "font-weight", "height",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width",
    "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration",
    "text-indent", "vertical-align", "white-space", "width", "word-break",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "attachment"}
# Only quotation marks of mail programs may keep their class: it is how quoted text is told from new text.
_QUOTE_CLASSES = {"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"}


def clean_html(html: str) -> str:
    """Safe HTML: no scripts, handlers, forms, frames, style sheets or styles that leave their box."""
    return nh3.clean(
        html.replace("\x00", ""),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_judge_attribute,
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        clean_content_tags={"script", "style", "title", "template", "noscript", "xmp", "svg", "math"},
    ).strip()


def has_content(html: str) -> bool:
    """Whether a person would see anything at all."""
    return "<img" in html or bool(text_of_html(html).strip())


_REMOTE_IMAGE = re.compile(r"""<img\b[^>]*?\bsrc="https?:[^>]*>""", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"""\balt="([^"]*)\"""", re.IGNORECASE)


def has_remote_images(html: str) -> bool:
    """Whether showing it would tell somebody else's server that, when and where it is read."""
    return bool(_REMOTE_IMAGE.search(html))


def without_remote_images(html: str) -> str:
    """Safe HTML whose remote images are named, not fetched."""
    return _REMOTE_IMAGE.sub(_name_of_image, html)


def _name_of_image(match: re.Match[str]) -> str:
    found = _ALTERNATIVE.search(match[0])
    return f"[{found[1]}]" if found and found[1].strip() else ""


def _judge_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        kept = [name for name in value.split() if name in _QUOTE_CLASSES]
        return " ".join(kept) or None
    if attribute == "style":
        return None if re.search(r"url\s*\(|expression|\\|@import", value, re.IGNORECASE) else value
    if tag == "img" and attribute == "src":
        return value if value.startswith(("attachment:", "cid:", "https:", "http:", "/")) else None
    return value
