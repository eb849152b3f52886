"""Mails as they really come: each sample has its sender, subject, text and files; whatever the bytes are, the parser answers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.desk.conversations.html import clean_html, text_of_html
from kakehashi.desk.parsing.charsets import decode_text
from kakehashi.desk.parsing.headers import decode_header
from kakehashi.desk.parsing.mail import ParsedMail, Unreadable
from kakehashi.desk.parsing.parser import parse_mail, peek

SAMPLES = Path(__file__).with_name("mails")
ELSEWHERE = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "mails"
AIZAWA, MISAKI = "相沢 美咲", "misaki@tsukimizaka.example"
LOGGER = "お世話になっております。月見坂食品㈱の髙橋です。\n①号機と②号機のﾛｸﾞが取れません。"
BYTES = [path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))]

# name: (sender's name, address, subject, how the text begins, names of files)
EXPECTED: dict[str, tuple[str, str, str, str, list[str]]] = {
    "iso_2022_jp_with_nec_signs": ("髙橋", MISAKI, "【至急】①号機のﾛｸﾞが取れません", LOGGER, []),
    "iso_2022_jp_ms_label": ("髙橋", MISAKI, "㈱月見坂食品より", LOGGER, []),
    "iso_2022_jp_without_label": (AIZAWA, MISAKI, "ラベルのない件名", LOGGER, []),
    "iso_2022_jp_label_on_utf_8": (AIZAWA, MISAKI, "見積もりの件", LOGGER, []),
    "utf_8_label_on_shift_jis": (AIZAWA, MISAKI, "検収について", LOGGER, []),
    "shift_jis": (AIZAWA, MISAKI, "納品書（再送）", LOGGER, []),
    "euc_jp_in_raw_headers": (AIZAWA, MISAKI, "校正証明書の発行", "校正証明書を発行してください。", []),
    "latin_1_label_on_shift_jis": ("aizawa", MISAKI, "test", "温度記録が止まりました。確認をお願いします。", []),
    "latin_1": (
        "Jörg Müller",
        "joerg@example.de",
        "Störung am Gerät",
        "Das Gerät zeigt seit gestern »Fehler 7«. Bitte prüfen.",
        [],
    ),
    "words_cut_inside_a_sign": (
        "aizawa",
        MISAKI,
        "冷蔵庫の温度記録が十五分ごとに途切れてしまう件につきまして",
        "x",
        [],
    ),
    "names_by_rfc_2231": (
        "aizawa",
        MISAKI,
        "files",
        "添付します。",
        ["検収書（令和八年十一月分）_最終版.pdf", "集計表①.xls", "売上.csv"],
    ),
    "outlook_reply_with_image": (
        AIZAWA,
        MISAKI,
        "RE: ロガーが切断される",
        "写真をお送りします。",
        ["image001.png"],
    ),
    "missing_boundary": ("aizawa", MISAKI, "no boundary", "Hello from the first part.", ["log.txt"]),
    "mail_inside_a_mail": ("aizawa", MISAKI, "nested", "See the mail I got.", ["元のメール.eml"]),
    "winmail_dat": ("aizawa", MISAKI, "from outlook", "Please see.", ["winmail.dat"]),
    "flowed": (
        "John Smith",
        "john@example.com",
        "Flowed",
        "This line is long and goes on in the next one.\n\nA new one.\n-- \nJohn",
        [],
    ),
    "headers_without_indent": ("aizawa", MISAKI, "A long subject", "Body stays body.", []),
    "docomo_address": ("", "a..b.@docomo.ne.jp", "写真", "届きましたか？", []),
    "calendar_and_html_only": ("Meet", "meet@example.com", "Invitation", "打ち合わせのお願い", ["attachment-1.ics"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_is_read_as_its_writer_meant_it(name: str) -> None:
    mail = parse_mail((SAMPLES / f"{name}.eml").read_bytes())
    assert isinstance(mail, ParsedMail)
    sender_name, address, subject, text, files = EXPECTED[name]
    assert (mail.sender.name, mail.sender.address, mail.subject) == (sender_name, address, subject)
    shown = mail.text or text_of_html(clean_html(mail.html))
    assert shown.startswith(text)
    assert [file.name for file in mail.files] == files


@pytest.mark.parametrize(
    ("name", "is_final"),
    [("bounce_dsn", True), ("bounce_qmail", True), ("bounce_in_japanese", True), ("bounce_delay", False)],
)
def test_a_server_that_could_not_deliver_is_understood(name: str, is_final: bool) -> None:
    mail = parse_mail((SAMPLES / f"{name}.eml").read_bytes())
    assert isinstance(mail, ParsedMail)
    assert mail.report is not None
    assert mail.report.is_final is is_final
    assert mail.report.recipient == "gone@c.example"
    assert mail.report.message_ids == ("<ours@minamo.example>",)
    assert mail.report.reason


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"no header at all", b"\x00\xff\xfe", b"Subject: nobody wrote this\n\nx"]
)
def test_what_is_no_mail_is_said_to_be_none(raw: bytes) -> None:
    assert isinstance(parse_mail(raw), Unreadable)


def test_a_mail_made_to_choke_us_is_refused() -> None:
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number) for number in range(2_000)
    )
    wide = b'Content-Type: multipart/mixed; boundary="a"\n\n' + b"--a\n\nx\n" * 5_000
    for raw in (deep, wide):
        assert parse_mail(b"From: a@example.com\n" + raw) == Unreadable("too_many_parts")


def test_commas_and_quotes_stay_inside_a_name() -> None:
    mail = parse_mail(b'From: "=?utf-8?B?55Sw5Lit?=, Inc." <a@b.example>\nTo: "X, Y" <x@b.example>, z@b.example\n\n')
    assert isinstance(mail, ParsedMail)
    assert mail.sender.name == "田中, Inc."
    assert [address.address for address in mail.to] == ["x@b.example", "z@b.example"]


@given(st.binary(max_size=2_000))
def test_random_bytes_never_raise(raw: bytes) -> None:
    assert isinstance(parse_mail(raw), ParsedMail | Unreadable)
    assert isinstance(parse_mail(b"From: a@example.com\n" + raw), ParsedMail | Unreadable)
    assert isinstance(peek(raw), ParsedMail | Unreadable)


@given(st.sampled_from(BYTES), st.data())
def test_damaged_mails_never_raise_and_can_be_stored(raw: bytes, data: st.DataObject) -> None:
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    mail = parse_mail(bytes(damaged))
    if isinstance(mail, ParsedMail):
        texts = [mail.subject, mail.text, mail.html, str(mail.sender), *mail.references, *(f.name for f in mail.files)]
        for text in texts:
            text.encode("utf-8")  # no half signs
        assert "\x00" not in mail.subject + mail.text + mail.html


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-7", "iso-2022-jp", "hex", "idna", "x-unknown", "utf-16", "shift_jis"]),
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, label: str) -> None:
    text = decode_text(data, label)
    text.encode("utf-8")
    assert "\x00" not in text


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x30F6), min_size=1, max_size=60))
def test_japanese_survives_every_way_of_writing_it(text: str) -> None:
    for codec in ("iso2022_jp", "cp932", "euc_jp", "utf-8"):
        try:
            data = text.encode(codec)
        except UnicodeEncodeError:
            continue
        assert decode_text(data, codec) == text


def test_a_header_with_a_name_nobody_knows_is_shown_as_it_is() -> None:
    assert decode_header("=?no-such-charset?B?VEVTVA==?= and =?utf-8?Q?caf=C3=A9?=") == "TEST and café"


@pytest.mark.skipif(not ELSEWHERE.is_dir(), reason="the folder of real-world mails is not here")
def test_real_world_mails_all_have_a_sender_or_a_reason() -> None:
    raw = {path.name: path.read_bytes() for path in sorted(ELSEWHERE.glob("*.eml"))}
    mails = {name: parse_mail(content) for name, content in raw.items()}
    assert [name for name, mail in mails.items() if isinstance(mail, Unreadable) and mail.reason == "broken"] == []
    readable = {name: mail for name, mail in mails.items() if isinstance(mail, ParsedMail)}
    assert len(readable) > 0.9 * len(mails)
    garbled = [name for name, mail in readable.items() if "\ufffd" in mail.sender.name]
    assert [
        name for name in garbled if "\ufffd".encode() not in raw[name]
    ] == []  # one was sent as garbled as it stands
