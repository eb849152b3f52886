"""A spreadsheet of customers as other people's tools write it, for trying the import: thousands of good rows, and the usual trouble."""

import csv
import io
from collections.abc import Iterator
from random import Random

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.companies import Company, make_companies
from kakehashi.assembly.demo.names import japanese_name

HEADERS = (
    "会社名", "姓", "名", "セイ", "メイ", "メールアドレス", "電話番号", "携帯電話", "部署", "役職",
    "郵便番号", "都道府県", "市区町村", "番地", "国", "備考",
)  # fmt: skip
_REMARKS = (
    "",
    "",
    "",
    "展示会で名刺交換",
    "納品は平日の午前中のみ。\n正門で受付のこと。",
    "担当者が「至急」と言うときは, 本当に急ぎ",
    '呼び名は"さかい"ではなく"さかえ"',
    "前任: 佐々木さん、2024/4〜",
)
_TITLES = ("", "", "主任", "係長", "課長", "部長")


def make_spreadsheet(rows: int = 10_000, encoding: str = "cp932") -> bytes:
    """Headers and that many rows as CSV. One row has no last name and a broken address, one repeats another row's address.

    Raises `LookupError` for an encoding nobody knows.
    """
    chance = stream("spreadsheet")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows(_with_trouble(list(_rows(rows, chance))))
    return text.getvalue().encode(encoding, errors="replace")


def broken_row(rows: int) -> int:
    """The number of the broken row as a spreadsheet counts: the headers are row 1. 0 when there is none."""
    return rows // 3 + 2 if rows > 5 else 0


def repeated_row(rows: int) -> int:
    """The number of the row that repeats the address of the row two thirds up."""
    return rows * 2 // 3 + 2 if rows > 5 else 0


def _rows(count: int, chance: Random) -> Iterator[list[str]]:
    companies = [company for company in make_companies() if company.language == "ja"]
    for number in range(1, count + 1):
        yield _row(number, chance.choice(companies), chance)


def _row(number: int, company: Company, chance: Random) -> list[str]:
    name, place = japanese_name(chance), company.place
    return [
        company.name,
        name.family,
        name.given,
        *_in_katakana(name.family_kana, name.given_kana),
        f"{name.given_latin}.{name.family_latin}{number}@{company.domain}",
        place.phone(chance),
        place.mobile(chance) if chance.random() < 0.4 else "",
        chance.choice(company.trade.departments),
        chance.choice(_TITLES),
        place.code,
        place.state,
        place.city,
        place.street,
        place.country,
        chance.choice(_REMARKS),
    ]


def _in_katakana(*words: str) -> Iterator[str]:
    for word in words:
        yield "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in word)


def _with_trouble(rows: list[list[str]]) -> list[list[str]]:
    count = len(rows)
    if not broken_row(count):
        return rows
    address = HEADERS.index("メールアドレス")
    broken = rows[broken_row(count) - 2]
    broken[HEADERS.index("姓")], broken[address] = "", "tanaka＠@@example"
    rows[repeated_row(count) - 2][address] = rows[count // 6][address]
    return rows
