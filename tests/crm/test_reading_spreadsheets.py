"""Files as people send them."""

import csv
import io
import re
import tempfile
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.crm.imports.detection import detect_delimiter, detect_encoding, looks_like_heading, refusal_of
from kakehashi.crm.imports.guessing import BY_CELLS, guess_columns
from kakehashi.crm.imports.reading import Layout, count_rows, data_rows, read_heading, read_rows
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from tests.makers.crm import make_org

TEXT = "会社名,氏名,電話番号\r\n月見坂食品,相沢 美咲,0258-00-1147\r\n"


def layout(tmp_path: Path, content: bytes) -> Layout:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    encoding = detect_encoding(path)
    return Layout(path, encoding, detect_delimiter(path, encoding))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"]
)
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


def fields(headers: list[str], module: ModuleSchema) -> list[str]:
    return [column.field for column in guess_columns(headers, [], module)]


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
    assert fields(japanese, contacts) == [
        "Account_Name", "Department", "Title", "Last_Name", "First_Name", "Last_Name_Kana", "First_Name_Kana", "Email",
        "Phone", "Mobile", "Mailing_Zip", "Mailing_State", "Mailing_Street", "Description", "",
    ]  # fmt: skip
    assert fields(["Company", "Full name", "E-mail address", "Phone", "E-mail"], contacts) == [
        "Account_Name", "Full_Name", "Email", "Phone", "",
    ]  # fmt: skip


@pytest.mark.django_db
def test_columns_without_a_telling_name_are_known_by_what_is_in_them() -> None:
    contacts = schema_of(make_org())["Contacts"]
    columns = guess_columns(["", "連絡", "〒"], [["a@example.com", "03-1234-5678", "940-0001"]], contacts)
    assert [column.field for column in columns] == ["Email", "Phone", "Mailing_Zip"]
    assert columns[0].why == BY_CELLS
    named_first = guess_columns(["", "メール"], [["a@example.com", "b@example.com"]], contacts)
    assert [column.field for column in named_first] == ["", "Email"]


@pytest.mark.parametrize(
    ("first", "second", "is_heading"),
    [
        (["姓", "メール", "2026年"], ["相沢", "a@example.com", "5"], True),
        (["相沢", "a@example.com"], ["森本", "b@example.com"], False),
        (["相沢", "03-1234-5678"], ["森本", "03-1234-5679"], False),
        (["姓", "電話"], ["森本", "03-1234-5679"], True),
        (["姓"], [], True),
    ],
)
def test_a_first_row_that_holds_data_is_no_heading(first: list[str], second: list[str], is_heading: bool) -> None:
    assert looks_like_heading(first, second) is is_heading


def test_without_a_heading_the_first_row_is_data(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n1,2,3\n")
    bare = Layout(path, "utf-8", ",", has_heading=False)
    assert read_heading(bare) == ["", "", ""]
    assert count_rows(bare) == 2
    assert [row.number for row in data_rows(bare)] == [1, 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"\xef\xbb\xbf\r\n", "空"),
        (b"PK\x03\x04xlsx", "CSV形式で保存"),
        (b"\xd0\xcf\x11\xe0xls", "CSV形式で保存"),
        (b"%PDF-1.7", "CSV形式で保存"),
        (b"a\x00b\x00\x00\x01\x02", "CSV形式で保存"),
        ("姓,名\n相沢,美咲\n".encode("utf-16-le"), ""),
        (b"a,b\n", ""),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_plain_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with override("ja"):
        refusal = str(refusal_of(path))
    assert words in refusal
    assert bool(refusal) is bool(words)


JAPANESE = st.text("亜相沢美咲髙①ア｡あー・Ａ１ab,;\t\"'\n\r 5", max_size=12)


@given(
    rows=st.lists(st.lists(JAPANESE, min_size=2, max_size=4), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", "\t", ";"]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_any_program_writes_is_read_back(
    rows: list[list[str]], delimiter: str, ending: str, encoding: str, quoting: int
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # Python's own writer leaves the line ends of others without quotes
        rows = [[re.sub(r"[\r\n]", "", cell) for cell in row] for row in rows]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    with tempfile.NamedTemporaryFile() as file:
        file.write(written.getvalue().encode(encoding))
        file.flush()
        read = list(read_rows(Layout(Path(file.name), encoding, delimiter)))
    assert [row.cells for row in read] == rows
    assert [row.number for row in read] == list(range(1, len(rows) + 1))


@given(
    names=st.lists(
        st.text("相沢美咲森本葵高瀬悠東京都品川区アイウカキー", min_size=2, max_size=8), min_size=3, max_size=20
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "euc_jp", "iso2022_jp"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_letters_and_separator_are_found_whatever_saved_the_file(
    names: list[str], encoding: str, delimiter: str
) -> None:
    lines = [
        delimiter.join(["会社名", "氏名", "住所"]),
        *(delimiter.join([name, name, "東京都港区"]) for name in names),
    ]
    with tempfile.NamedTemporaryFile() as file:
        file.write("\r\n".join(lines).encode(encoding))
        file.flush()
        path = Path(file.name)
        found = detect_encoding(path)
        rows = list(read_rows(Layout(path, found, detect_delimiter(path, found))))
    assert [row.cells for row in rows] == [line.split(delimiter) for line in lines]
