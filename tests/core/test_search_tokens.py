import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.search.tokens import as_tsquery, as_tsvector, index_tokens, phone_tokens, query_tokens


def is_found(stored: str, query: str) -> bool:
    tokens = index_tokens(stored)
    wanted = query_tokens(query)
    return bool(wanted) and all(any(token.startswith(want) for token in tokens) for want in wanted)


@pytest.mark.parametrize(
    ("stored", "query"),
    [
        ("月見坂食品株式会社", "食品"),
        ("月見坂食品株式会社", "社"),
        ("相沢 美咲", "美咲"),
        ("あいざわ みさき", "ｱｲｻﾞﾜ"),
        ("温度ロガー TL-200", "tl-2"),
        ("温度ロガー TL-200", "ろがー ＴＬ"),
        ("misaki.aizawa@tsukimizaka.example", "aizawa@tsuki"),
        ("misaki.aizawa@tsukimizaka.co.jp", "misaki.aizawa@tsukimizaka.co.j"),
    ],
)
def test_people_find_what_they_mean(stored: str, query: str) -> None:
    assert is_found(stored, query)


@pytest.mark.parametrize(("stored", "query"), [("月見坂食品", "食月"), ("TL-200", "200x"), ("月見坂", "  ")])
def test_and_not_what_they_do_not(stored: str, query: str) -> None:
    assert not is_found(stored, query)


def test_the_end_of_an_address_is_not_looked_for() -> None:
    assert query_tokens("misaki@tsukimizaka.co.jp 田中") == ["misaki", "tsukimizaka", "田中"]


@pytest.mark.parametrize(
    ("token", "query"),
    [("7:田中", "'7:田中'"), ("田中", "'田中'"), ("7:田", "'7:田':*"), ("7:tl", "'7:tl':*"), ("𠮷野", "'𠮷野'")],
)
def test_a_pair_of_letters_is_looked_for_as_it_is(token: str, query: str) -> None:
    assert as_tsquery([token]) == query


@pytest.mark.parametrize("part", ["0258-00", "00-1147", "+81 258", "0258001147"])
def test_a_part_of_a_phone_number_finds_it(part: str) -> None:
    (want,) = query_tokens(part)
    assert any(token.startswith(want) for token in phone_tokens("+81258001147"))


@pytest.mark.django_db
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=30))
def test_postgresql_reads_every_token_back(text: str) -> None:
    tokens = index_tokens(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(%s::tsvector)", [as_tsvector(tokens)])
        assert set(cursor.fetchone()[0]) == set(tokens)
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [as_tsvector(tokens), as_tsquery(tokens)])
        assert cursor.fetchone()[0] == bool(tokens)


@pytest.mark.django_db
def test_letters_that_postgresql_quotes_come_back_too() -> None:
    tokens = ["o'neil", "back\\slash", "田中"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(%s::tsvector)", [as_tsvector(tokens)])
        assert set(cursor.fetchone()[0]) == set(tokens)
