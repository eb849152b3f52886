"""Files as people send them."""

from pathlib import Path

import pytest

from kakehashi.crm.imports.detection import detect_delimiter, detect_encoding
from kakehashi.crm.imports.guessing import guess_mapping
from kakehashi.crm.imports.reading import Layout, count_rows, read_heading, read_rows
from kakehashi.crm.modules.queries import schema_of
from tests.makers.crm import make_org

TEXT = "会社名,氏名,電話番号\r\n月見坂食品,相沢 美咲,0258-00-1147\r\n"


def layout(tmp_path: Path, content: bytes) -> Layout:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    encoding = detect_encoding(path)
    return Layout(path, encoding, detect_delimiter(path, encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_the_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    rows = list(read_rows(layout(tmp_path, TEXT.encode(encoding))))
    assert rows[0].cells == ["会社名", "氏名", "電話番号"]
    assert rows[1].cells == ["月見坂食品", "相沢 美咲", "0258-00-1147"]


def test_windows_own_letters_of_shift_jis_are_read(tmp_path: Path) -> None:
    assert list(read_rows(layout(tmp_path, "氏名\r\n髙橋①㈱\r\n".encode("cp932"))))[1].cells == ["髙橋①㈱"]


def test_a_japanese_letter_that_comes_late_still_decides(tmp_path: Path) -> None:
    content = ("a,b\n" + "x,y\n" * 100_000 + "髙橋,ロガー\n").encode("cp932")
    assert layout(tmp_path, content).encoding == "cp932"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_separator_is_recognised(tmp_path: Path, delimiter: str) -> None:
    content = delimiter.join(["a", "b, c", "d"]) if delimiter != "," else "a,b;c;x,d"
    assert layout(tmp_path, f"{content}\n{content}\n".encode()).delimiter == delimiter


def test_quoted_cells_may_hold_separators_quotes_and_lines(tmp_path: Path) -> None:
    content = 'a,b\n"x, ""y""","one\ntwo"\n5" screen,z\n'
    rows = [row.cells for row in read_rows(layout(tmp_path, content.encode()))]
    assert rows == [["a", "b"], ['x, "y"', "one\ntwo"], ['5" screen', "z"]]


def test_a_quotation_mark_that_is_never_closed_costs_only_its_row(tmp_path: Path) -> None:
    content = 'a,b\n1,x\n"2,broken\n' + "".join(f"{number},x\n" for number in range(3, 600))
    rows = list(read_rows(layout(tmp_path, content.encode())))
    assert [row.number for row in rows if row.problem] == [3]
    assert len(rows) == 600
    assert count_rows(layout(tmp_path, content.encode())) == 599


def test_old_line_ends_and_a_missing_last_one_do_not_matter(tmp_path: Path) -> None:
    assert [row.cells for row in read_rows(layout(tmp_path, b"a,b\r1,2\r3,4"))] == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_an_empty_file_has_no_heading(tmp_path: Path) -> None:
    assert read_heading(layout(tmp_path, b"")) == []


@pytest.mark.django_db
def test_headings_in_japanese_and_english_are_understood() -> None:
    contacts = schema_of(make_org())["Contacts"]
    japanese = [
        "会社名",
        "部署名",
        "役職",
        "姓",
        "名",
        "セイ",
        "メイ",
        "E-Mail",
        "ＴＥＬ",
        "携帯電話番号",
        "郵便番号",
        "都道府県",
        "住所",
        "備考",
        "謎",
    ]
    assert guess_mapping(japanese, contacts) == [
        "Account_Name", "Department", "Title", "Last_Name", "First_Name", "Last_Name_Kana", "First_Name_Kana", "Email",
        "Phone", "Mobile", "Mailing_Zip", "Mailing_State", "Mailing_Street", "Description", "",
    ]  # fmt: skip
    assert guess_mapping(["Company", "Full name", "E-mail address", "Phone", "E-mail"], contacts) == [
        "Account_Name", "Full_Name", "Email", "Phone", "",
    ]  # fmt: skip
