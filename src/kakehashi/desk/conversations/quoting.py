"""Parting what somebody wrote from what they quoted, so that the quotation can be folded."""

import re

_FORWARD_OR_REPLY = r"-{2,} ?(?:Original Message|Forwarded message|元のメッセージ|元のメール|転送メッセージ|Forwarded Message|オリジナルメッセージ) ?-{2,}"
_WROTE = r"(?:On [^<\n]{6,160}(?:\n[^<\n]{0,80})? wrote:|\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?[^<\n]{0,120}(?:のメール|さんは書きました|wrote|:)[:：]?)"
_HEAD_OF_QUOTE = r"(?:From|差出人|送信者|Von|De)\s*[:：]"
_REST_OF_HEAD = r"(?:Sent|Date|To|Subject|送信日時|日時|日付|宛先|件名)\s*[:：]"
_HTML_MARKS = (
    re.compile(r'<div class="gmail_quote"', re.IGNORECASE),
    re.compile(r'<div class="(?:moz-cite-prefix|yahoo_quoted|OutlookMessageHeader)"', re.IGNORECASE),
    re.compile(r'<blockquote\b[^>]*\btype="cite"', re.IGNORECASE),
    re.compile(rf"<(?:p|div)[^>]*>(?:<[^>]+>|\s)*{_FORWARD_OR_REPLY}", re.IGNORECASE),
    re.compile(r"<(?:p|div)[^>]*>(?:<[^>]+>)*(?:On [^<]{6,120} wrote:|\d{4}年\d{1,2}月\d{1,2}日[^<]{0,80}(?:<[^>]+>[^<]{0,80}){0,3}:)", re.IGNORECASE),
    re.compile(
        rf"<(?:p|div|hr)[^>]*>(?:<[^>]+>|\s)*{_HEAD_OF_QUOTE}(?:(?!</div>\s*</div>).){{0,600}}?<(?:b|strong|br|p|div)[^>]*>\s*(?:<[^>]+>|\s)*{_REST_OF_HEAD}",
        re.IGNORECASE | re.DOTALL,
    ),
)  # fmt: skip
_LAST_BLOCKQUOTE = re.compile(r"(<blockquote\b.*</blockquote>\s*(?:</\w+>\s*)*)$", re.IGNORECASE | re.DOTALL)
_TEXT_MARKS = (
    re.compile(rf"^[ \t]*{_FORWARD_OR_REPLY}[ \t]*$", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"^[ \t]*_{{10,}}[ \t]*\n[ \t]*{_HEAD_OF_QUOTE}", re.MULTILINE),
    re.compile(rf"^[ \t]*{_HEAD_OF_QUOTE}[^\n]+\n(?:[^\n]*\n){{0,3}}?[ \t]*{_REST_OF_HEAD}", re.MULTILINE),
    re.compile(rf"^[ \t]*{_WROTE}[ \t]*$(?=\s*\n[ \t]*[>＞|])", re.IGNORECASE | re.MULTILINE),
)
_QUOTED_TAIL = re.compile(r"(?:^[ \t]*[>＞][^\n]*(?:\n[ \t]*$)*\n?)+\Z", re.MULTILINE)


def part_quotation(html: str) -> tuple[str, str]:
    """(what is new, what is quoted). All is new where nothing would be left of it otherwise."""
    starts = [match.start() for mark in _HTML_MARKS if (match := mark.search(html))]
    if not starts and (match := _LAST_BLOCKQUOTE.search(html)):
        starts = [match.start()]
    if not starts:
        return html, ""
    new, quoted = html[: min(starts)], html[min(starts) :]
    return (new, quoted) if re.sub(r"<[^>]*>|\s|&nbsp;", "", new) else (html, "")


def part_quoted_text(text: str) -> tuple[str, str]:
    """The same for plain text. An answer between or below quoted lines stays where it is, with them."""
    starts = [match.start() for mark in _TEXT_MARKS if (match := mark.search(text))]
    start = min(starts, default=len(text))
    if tail := _QUOTED_TAIL.search(text.rstrip() + "\n"):
        start = min(start, tail.start())
    new, quoted = text[:start], text[start:]
    if not new.strip() or _is_answered_below(quoted):
        return text, ""
    return new.rstrip(), quoted.strip("\n")


def _is_answered_below(quoted: str) -> bool:
    """Something new after the last quoted line: the writer answers below."""
    lines = [line for line in quoted.strip().split("\n") if line.strip()]
    marked = [at for at, line in enumerate(lines) if line.lstrip().startswith((">", "＞"))]
    return bool(marked) and len(lines) - 1 > marked[-1] and not lines[marked[-1] + 1].startswith("-- ")
