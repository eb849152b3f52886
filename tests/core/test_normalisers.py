import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.normalise.companies import spellings
from kakehashi.core.normalise.email import domain_of, normal_email
from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.phone import normal_phone
from kakehashi.core.normalise.text import fold


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  Misaki.Aizawa@Tsukimizaka.EXAMPLE ", "misaki.aizawa@tsukimizaka.example"),
        ("ＭＩＳＡＫＩ＠ｅｘａｍｐｌｅ．ｊｐ", "misaki@example.jp"),
        ("info@日本語.jp", "info@xn--wgv71a119e.jp"),
        ("mailto:a@b.example", "a@b.example"),
        ("a.b+c@gmail.com", "a.b+c@gmail.com"),
        ("nobody", ""),
        ("a@b@c", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_form(typed: str, normal: str) -> None:
    assert normal_email(typed) == normal


def test_a_domain_is_taken_from_the_normal_form() -> None:
    assert domain_of("X@Gmail.COM") == "gmail.com"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("0258-00-1147", "+81258001147"),
        ("０２５８（００）１１４７", "+81258001147"),
        ("+81 90 0000 2214", "+819000002214"),
        ("1234 5678 9012 3456 78", "123456789012345678"),
        ("内線 12", "12"),
        ("なし", ""),
    ],
)
def test_a_phone_number_has_one_form(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@given(st.from_regex(r"\+81[1-9][0-9]{8,9}", fullmatch=True).filter(str.isascii))
def test_the_short_way_for_what_is_stored_answers_what_the_library_answers(stored: str) -> None:
    number = phonenumbers.parse(stored, "JP")
    assert normal_phone(stored) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.from_regex(r"0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}", fullmatch=True))
def test_the_short_way_for_japanese_numbers_answers_what_the_library_answers(typed: str) -> None:
    number = phonenumbers.parse(typed, "JP")
    if phonenumbers.is_possible_number(number):
        assert normal_phone(typed) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_a_number_of_another_region_is_read_there() -> None:
    assert normal_phone("(415) 555-2671", "US") == "+14155552671"


def test_names_are_the_same_whatever_their_width_kana_and_spaces() -> None:
    assert normal_name("ﾔﾏﾀﾞ　太郎") == normal_name("やまだ太郎") == normal_name("ヤマダ 太郎")
    assert normal_name("ACME  Inc") == normal_name("ａｃｍｅ inc") != normal_name("acmeinc")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)
    assert normal_email(normal_email(text)) == normal_email(text)


@pytest.mark.parametrize(
    ("one", "other"), [("㈱月見坂食品", "株式会社 月見坂食品"), ("椿坂印刷（有）", "椿坂印刷有限会社")]
)
def test_an_abbreviated_legal_form_is_the_same_name(one: str, other: str) -> None:
    assert set(spellings(one)) == set(spellings(other))


def test_which_legal_form_and_where_it_stands_tells_companies_apart() -> None:
    names = ["株式会社青磁", "青磁株式会社", "有限会社青磁", "青磁"]
    assert sum(len(set(spellings(name))) for name in names) == len({one for name in names for one in spellings(name)})
