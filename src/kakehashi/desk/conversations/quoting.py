"""Parting what somebody wrote from what they quoted, so that the quotation can be folded."""

import re

_HTML_MARKS = (
    re.compile(r'<div class="gmail_quote"', re.IGNORECASE),
    re.compile(r'<div class="(?:moz-cite-prefix|yahoo_quoted|OutlookMessageHeader)"', re.IGNORECASE),
    re.compile(r'<blockquote\b[^>]*\btype="cite"', re.IGNORECASE),
    re.compile(r"<(?:p|div)[^>]*>(?:<[^>]+>)*-{2,} ?(?:Original Message|元のメッセージ|Forwarded message) ?-{2,}", re.IGNORECASE),
    re.compile(r"<(?:p|div)[^>]*>(?:<[^>]+>)*(?:On [^<]{6,120} wrote:|\d{4}年\d{1,2}月\d{1,2}日[^<]{0,80}(?:<[^>]+>[^<]{0,80}){0,3}:)", re.IGNORECASE),
)  # fmt: skip
_LAST_BLOCKQUOTE = re.compile(r"(<blockquote\b.*</blockquote>\s*(?:</\w+>\s*)*)$", re.IGNORECASE | re.DOTALL)


def part_quotation(html: str) -> tuple[str, str]:
    """(what is new, what is quoted). All is new where nothing would be left of it otherwise."""
    starts = [match.start() for mark in _HTML_MARKS if (match := mark.search(html))]
    if not starts and (match := _LAST_BLOCKQUOTE.search(html)):
        starts = [match.start()]
    if not starts:
        return html, ""
    new, quoted = html[: min(starts)], html[min(starts) :]
    return (new, quoted) if re.sub(r"<[^>]*>|\s|&nbsp;", "", new) else (html, "")
