"""What others write is shown, what they try is not."""

import pytest

from kakehashi.desk.conversations.addresses import Address, parse_addresses
from kakehashi.desk.conversations.html import clean_html, html_of_text, text_of_html
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.conversations.quoting import part_quotation
from kakehashi.desk.conversations.recipients import for_reply, for_reply_all


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" jav&#x0A;ascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)">',
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name="password"></form>',
        '<div style="background:url(https://evil.example/pixel)">x</div>',
        '<div style="position:fixed;top:0;left:0;width:100%">x</div>',
        '<div style="width: expression(alert(1))">x</div>',
        "<style>body{display:none}</style>",
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<base href="https://evil.example">',
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<a href="vbscript:x">x</a><object data="x"></object><embed src="x">',
        '<div class="k-toast" id="main">x</div>',
    ],
)
def test_nothing_that_acts_survives(html: str) -> None:
    cleaned = clean_html(html).lower()
    for word in (
        "script", "onerror=", "onload=", "iframe", "<form", "url(", "position", "expression", "<style", "<meta", "<base",
        "data:", "<object", "<embed", "<svg", "k-toast", "id=",
    ):  # fmt: skip
        assert word not in cleaned or "&lt;" in cleaned


def test_what_people_write_stays() -> None:
    html = '<p style="color:red">Hello <b>you</b></p><ul><li>one</li></ul><a href="https://example.com">x</a>'
    cleaned = clean_html(html)
    assert 'style="color:red"' in cleaned
    assert "<li>one</li>" in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned


def test_text_becomes_html_and_back() -> None:
    text = "一行目 <b>\n二行目\n\n段落"
    assert html_of_text(text) == "<p>一行目 &lt;b&gt;<br>二行目</p><p>段落</p>"
    assert text_of_html(html_of_text(text)) == "一行目 <b>\n二行目\n段落"


def test_a_link_keeps_its_address_in_text() -> None:
    assert text_of_html('<p>See <a href="https://example.com/a?b=1&amp;c=2">the guide</a></p>') == (
        "See the guide <https://example.com/a?b=1&c=2>"
    )


@pytest.mark.parametrize(
    "quotation",
    [
        '<div class="gmail_quote">On Mon, A wrote:<blockquote>old</blockquote></div>',
        '<blockquote type="cite">old</blockquote>',
        '<div class="moz-cite-prefix">2026/11/18 A:</div><blockquote>old</blockquote>',
        "<p>-----Original Message-----</p><p>old</p>",
        "<p>On Mon, Nov 16, 2026 at 9:00 AM A wrote:</p><blockquote>old</blockquote>",
        "<div>2026年11月18日(水) 9:00 相沢 美咲:</div><blockquote>old</blockquote>",
        "<blockquote>old</blockquote>",
    ],
)
def test_quoted_text_is_parted_from_what_is_new(quotation: str) -> None:
    assert part_quotation(f"<p>new</p>{quotation}") == ("<p>new</p>", quotation)


def test_a_mail_that_is_all_quotation_is_shown_whole() -> None:
    html = "<blockquote>everything</blockquote>"
    assert part_quotation(html) == (html, "")


def test_addresses_are_read_back_as_they_were_written() -> None:
    written = Address('Doe, "Jo" (Sales)', "jo@example.com")
    assert parse_addresses([str(written)]) == [written]
    assert parse_addresses(["相沢 美咲 <a@example.com>, b@example.com", "A@example.com"]) == [
        Address("相沢 美咲", "a@example.com"),
        Address("", "b@example.com"),
    ]


def test_a_line_end_in_an_address_makes_no_header() -> None:
    found = parse_addresses(["a@example.com\r\nBcc: x@example.com"])
    assert found
    assert not any("\n" in str(address) or "\r" in str(address) for address in found)


def incoming(**values: object) -> Message:
    return Message(**{"direction": "in", "sender": "相沢 <a@c.example>", "to": [], "cc": [], **values})


def test_a_reply_to_all_drops_nobody_and_leaves_us_out() -> None:
    mail = incoming(
        to=["support@us.example", "b@c.example"], cc=["B <b@c.example>", "d@c.example", "Support@US.example"]
    )
    found = for_reply_all([mail], "x@c.example", ["support@us.example"])
    assert found.to == ("相沢 <a@c.example>",)
    assert found.cc == ("b@c.example", "d@c.example")


def test_a_reply_after_our_own_mail_goes_to_the_same_people() -> None:
    ours = Message(direction="out", sender="support@us.example", to=["a@c.example"], cc=["d@c.example"])
    found = for_reply_all([incoming(), ours], "", ["support@us.example"])
    assert (found.to, found.cc) == (("a@c.example",), ("d@c.example",))
    assert for_reply([incoming(), ours], "x@c.example").to == ("相沢 <a@c.example>",)
    assert for_reply([], "x@c.example").to == ("x@c.example",)
