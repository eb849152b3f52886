"""What the search box finds, in which order, and how it says why."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from kakehashi.core.search.highlights import parts_of
from kakehashi.core.search.ranking import Find, Nearness, nearness, rank
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.search.queries import search_module, search_records
from tests.makers.crm import make_administrator, make_member, make_org, make_record

NOW = datetime(2026, 11, 25, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def names(access: CrmAccess, text: str) -> list[str]:
    return [record.name for group in search_records(access, text, limit=20) for record in group.records]


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("相沢 美咲", "相沢 美咲", Nearness.EXACT),
        ("相沢美咲", "相沢 美咲", Nearness.EXACT),
        ("ｱｲｻﾞﾜ", "あいざわ 美咲", Nearness.BEGINNING),
        ("相沢", "相沢 美咲", Nearness.BEGINNING),
        ("美咲", "相沢 美咲", Nearness.INSIDE),
        ("美咲 相沢", "相沢 美咲", Nearness.INSIDE),
        ("食品", "月見坂食品株式会社", Nearness.INSIDE),
        ("TSUKI", "Tsukimizaka Foods", Nearness.BEGINNING),
        ("戸田", "相沢 美咲", Nearness.ELSEWHERE),
    ],
)
def test_how_near_a_name_is_to_what_was_typed(typed: str, name: str, expected: Nearness) -> None:
    assert nearness(Find(name, NOW, is_own=False), typed) == expected


def test_the_order_of_finds() -> None:
    old, fresh = NOW - timedelta(days=300), NOW - timedelta(days=1)
    ordered = [
        Find("別人", old, is_own=False, is_exact=True),
        Find("相沢 陽子", fresh, is_own=False),
        Find("相沢 浩二", NOW - timedelta(days=50), is_own=True),
        Find("相沢 美咲", NOW - timedelta(days=200), is_own=True),
        Find("相沢 豊", old, is_own=False),
        Find("株式会社相沢", fresh, is_own=True),
        Find("山田", fresh, is_own=True),
    ]
    ordered[1], ordered[2] = ordered[2], ordered[1]  # fifty days less sixty for being one's own: before yesterday's
    found = ordered[::-1]
    assert sorted(found, key=lambda find: rank(find, "相沢", NOW)) == ordered


@given(some.text(max_size=30), some.text(max_size=8))
def test_a_marked_text_is_still_the_same_text(text: str, query: str) -> None:
    assert "".join(piece for piece, _is_hit in parts_of(text, query)) == text


@pytest.mark.parametrize(
    ("text", "query", "hits"),
    [
        ("月見坂食品", "見坂", ["見坂"]),
        ("アイザワ", "あいざ", ["アイザ"]),
        ("Tsukimizaka", "tsuki", ["Tsuki"]),
        ("+81258001147", "0258-00", ["25800"]),
        ("0258-00-1147", "001147", ["0-1147"]),
        ("相沢 美咲", "美咲 相沢", ["相沢", "美咲"]),
    ],
)
def test_a_hit_is_marked_in_any_spelling(text: str, query: str, hits: Iterable[str]) -> None:
    assert [piece for piece, is_hit in parts_of(text, query) if is_hit] == hits


def test_the_whole_address_or_number_comes_first_whatever_it_is_called(org: Org, access: CrmAccess) -> None:
    make_record(org, Last_Name="misaki@example.com についての問い合わせ")
    make_record(org, Last_Name="相沢", Email="misaki@example.com", Phone="0258-00-1147")
    make_record(org, Last_Name="別", Phone="0258-00-11475")
    assert names(access, "MISAKI@example.com")[0] == "相沢"
    assert names(access, "0258 00 1147")[0] == "相沢"


def test_names_come_before_other_fields_and_beginnings_before_middles(org: Org, access: CrmAccess) -> None:
    make_record(org, Last_Name="月見", First_Name="太郎")
    make_record(org, Last_Name="大月見", First_Name="花子")
    make_record(org, Last_Name="山田", Description="月見の担当")
    assert names(access, "月見") == ["月見 太郎", "大月見 花子", "山田"]


def test_a_search_finds_nothing_that_one_may_not_see(org: Org, access: CrmAccess) -> None:
    make_record(org, Last_Name="相沢", actor=access.actor)
    own = make_member(org, permissions=[])
    mine = make_record(org, Last_Name="相沢", First_Name="美咲", actor=own.actor)
    found = [record.pk for group in search_records(own, "相沢", limit=9) for record in group.records]
    assert found == [mine.pk]
    assert len(names(access, "相沢")) == 2
    assert not names(make_administrator(make_org()), "相沢")


def test_a_search_costs_the_same_queries_however_much_it_finds(org: Org, access: CrmAccess) -> None:
    counts = []
    for _ in range(2):
        for number in range(5):
            make_record(org, Last_Name=f"相沢{number}")
            make_record(org, "Accounts")
        with CaptureQueriesContext(connection) as queries:
            search_records(access, "相沢", limit=20)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_the_page_can_be_narrowed_to_a_module_and_turned(org: Org, access: CrmAccess, client: Client) -> None:
    for number in range(55):
        make_record(org, Last_Name=f"相沢{number:02}")
    make_record(org, "Accounts", Account_Name="相沢商店")
    client.force_login(access.person)
    everything = client.get(f"/crm/{org.pk}/search?q=相沢")
    assert [entry.is_current for entry in everything.context["filters"]] == [True, False, False]
    first = client.get(f"/crm/{org.pk}/search?q=相沢&module=Contacts")
    second = client.get(f"/crm/{org.pk}/search?q=相沢&module=Contacts&page=2")
    assert [len(answer.context["groups"][0]["rows"]) for answer in (first, second)] == [50, 5]
    assert len(search_module(access, access.schema["Contacts"], "相沢")) == 55


def test_a_find_says_in_which_field_it_was(org: Org, access: CrmAccess, client: Client) -> None:
    make_record(org, Last_Name="山田", Title="月見坂担当課長")
    client.force_login(access.person)
    answer = client.get(f"/crm/{org.pk}/search?q=月見", headers=HTMX).content.decode()
    assert "<mark>月見</mark>坂担当課長" in answer
