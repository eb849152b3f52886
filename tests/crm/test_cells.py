"""Cells as people and spreadsheet programs write them."""

import pytest

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.crm.imports.cells import plain_cell, read_amount, read_day, read_phone, without_honorific


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ('="0123"', "0123"),
        ('="say ""no"""', 'say "no"'),
        ("'0123", "0123"),
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("  x\u3000", "x"),
        ("=A1", "=A1"),
    ],
)
def test_what_a_spreadsheet_puts_around_a_cell_is_taken_off(cell: str, plain: str) -> None:
    assert plain_cell(cell) == plain


@pytest.mark.parametrize(
    ("text", "order", "read"),
    [
        ("2026年11月25日", "ymd", "2026-11-25"),
        ("２０２６年１１月２５日（水）", "ymd", "2026-11-25"),
        ("令和8年11月25日", "ymd", "2026-11-25"),
        ("令和元年5月1日", "ymd", "2019-05-01"),
        ("平成31年4月30日", "ymd", "2019-04-30"),
        ("昭和64年1月7日", "ymd", "1989-01-07"),
        ("R8.11.25", "ymd", "2026-11-25"),
        ("h30/1/2", "ymd", "2018-01-02"),
        ("2026/11/25", "ymd", "2026-11-25"),
        ("2026/1/5 8:44", "ymd", "2026-01-05 8:44"),
        ("2026-11-25T08:44:00", "ymd", "2026-11-25 08:44:00"),
        ("25/11/2026", "dmy", "2026-11-25"),
        ("25.11.2026 8:44", "dmy", "2026-11-25 8:44"),
        ("11/25/2026", "mdy", "2026-11-25"),
        ("25/11/2026", "ymd", "25/11/2026"),  # not guessed
        ("来週", "ymd", "来週"),
    ],
)
def test_days_are_read_in_every_way_they_are_written(text: str, order: str, read: str) -> None:
    assert read_day(text, order) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("￥1,200", "1200"),
        ("１，２００円", "1200"),
        ("1,200円也", "1200"),
        ("120万円", "1200000"),
        ("1.5億", "150000000"),
        ("3百万", "3000000"),
        ("▲1,200", "-1200"),
        ("(1,200)", "-1200"),
        ("−5", "-5"),
        ("12.50", "12.50"),
        ("要相談", "要相談"),
        ("5 個", "5 個"),
    ],
)
def test_amounts_are_read_with_what_stands_around_them(text: str, read: str) -> None:
    assert read_amount(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("312345678", "0312345678"),
        ("9012345678", "09012345678"),
        ("03-1234-5678", "03-1234-5678"),
        ("+81 3 1234 5678", "+81 3 1234 5678"),
        ("12345", "12345"),
    ],
)
def test_a_phone_number_gets_its_lost_zero_back(text: str, read: str) -> None:
    assert read_phone(text, restores_zero=True) == read
    assert read_phone(text, restores_zero=False) == text


def test_a_number_that_was_shortened_is_refused_not_guessed() -> None:
    with pytest.raises(ValueRefused):
        read_phone("9.01E+09", restores_zero=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("相沢 美咲 様", "相沢 美咲"),
        ("相沢美咲様", "相沢美咲"),
        ("月見坂食品株式会社　御中", "月見坂食品株式会社"),
        ("様", "様"),
        ("様々商事", "様々商事"),
    ],
)
def test_an_honorific_is_taken_off_the_end(text: str, name: str) -> None:
    assert without_honorific(text) == name
