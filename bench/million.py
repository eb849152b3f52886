"""A million records in one org, and 100 orgs beside it: lists, a record page and search through the real pages, each beside its bare query.

The rows come by the product's own COPY (`records/storing.py`): real values, keys and search tokens, but no events and no checks.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from bench.harness import Row, at_most, bench, milliseconds_of, percentile, stopwatch
from bench.words import FAMILIES, GIVEN, PLACES, STAGES, TITLES, TRADES
from bench.world import make_org
from kakehashi.core.actors import Actor
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.crm.list_views.sort_indexes import make_index
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Membership, Org
from kakehashi.crm.records.derived import name_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.storing import insert_records, reserve_ids

NEIGHBOURS = 100
TIMES = 40
BATCH = 5_000
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Million:
    org: Org
    client: Client
    n: int


_made: dict[int, Million] = {}


def the_million(n: int) -> Million:
    """Made once per database; with AGAIN=1 that of the last run is taken, if it was made to its end."""
    if n not in _made:
        org = left_by_the_last_run(n) or make_the_million(n)
        client = Client()
        client.force_login(Membership.objects.filter(org=org).order_by("pk")[0].person)
        _made[n] = Million(org, client, n)
    return _made[n]


def left_by_the_last_run(n: int) -> Org | None:
    org = Org.objects.filter(name=f"Million {n}").first()
    whole = Org.objects.filter(name__startswith="Neighbour", name__endswith=f" of {n}").count() == NEIGHBOURS
    return org if org and whole else None


def make_the_million(n: int) -> Org:
    """Says how long it took."""
    org, actor = make_org(f"Million {n}")
    with stopwatch() as seconds:
        fill(org, actor, n)
        for number in range(NEIGHBOURS):
            neighbour, other = make_org(f"Neighbour {number} of {n}")
            fill(neighbour, other, max(10, n // 500))
        analyse()
        print(f"  {n:,} records and {NEIGHBOURS} orgs beside them in {seconds():.0f} s", flush=True)
    return org


def fill(org: Org, actor: Actor, n: int) -> None:
    """Four fifths contacts, a tenth accounts, a tenth deals."""
    modules = schema_of(org)
    accounts = copy_in(modules["Accounts"], (account(number) for number in range(max(1, n // 10))), actor)
    deals = (deal(number, accounts[number % len(accounts)]) for number in range(n // 10))
    contacts = (contact(number, accounts[number % len(accounts)]) for number in range(n - 2 * (n // 10)))
    copy_in(modules["Deals"], deals, actor)
    copy_in(modules["Contacts"], contacts, actor)


def copy_in(module: ModuleSchema, values: Iterator[dict[str, Any]], actor: Actor) -> list[int]:
    made: list[int] = []
    while batch := list(islice(values, BATCH)):
        ids = reserve_ids(len(batch))
        insert_records(
            [record(record_id, held, module, actor) for record_id, held in zip(ids, batch, strict=True)], module
        )
        made += ids
    return made


def record(record_id: int, values: dict[str, Any], module: ModuleSchema, actor: Actor) -> Record:
    at = BEGUN + timedelta(seconds=record_id * 61 % 180_000_000)
    return Record(
        id=record_id, org_id=module.org_id, module_id=module.id, owner_id=actor.person_id, name=name_of(values, module),
        values=values, version=1, created_at=at, created_by_name=actor.name, modified_at=at, modified_by_name=actor.name,
    )  # fmt: skip


def account(number: int) -> dict[str, Any]:
    place, trade = PLACES[number % len(PLACES)], TRADES[number // 15 % len(TRADES)]
    return {
        "Account_Name": f"{place}{trade}株式会社 {number}",
        "Phone": f"0258-{number // 10_000 % 100:02}-{number % 10_000:04}",
        "Billing_City": f"{place}市",
        "Employees": number % 900,
    }


def contact(number: int, account_id: int) -> dict[str, Any]:
    family, given = FAMILIES[number % 50], GIVEN[number // 50 % 30]
    return {
        "Last_Name": family if number % 1_000 else "綾小路",
        "First_Name": given,
        "Email": f"user{number}@{('kirinoki', 'tsukimi', 'midori')[number % 3]}{number % 5_000}.example",
        "Phone": f"03-{number // 10_000 % 10_000:04}-{number % 10_000:04}",
        "Title": TITLES[number % len(TITLES)],
        "Lead_Source": ("Trade Show", "Partner", "Web Download", "Chat")[number % 4],
        "Account_Name": account_id,
    }


def deal(number: int, account_id: int) -> dict[str, Any]:
    return {
        "Deal_Name": f"{PLACES[number % len(PLACES)]} ロガー増設 {number}",
        "Stage": STAGES[number % len(STAGES)],
        "Amount": str(number * 7_919 % 9_000_000),
        "Closing_Date": (BEGUN + timedelta(days=number % 2_400)).date().isoformat(),
        "Account_Name": account_id,
    }


def analyse() -> None:
    with connection.cursor() as cursor:
        for table in ("crm_record", "crm_recordkey", "crm_recordlookup"):
            cursor.execute(f"VACUUM ANALYZE {table}")


@bench("pages", n=1_000_000)
def pages(n: int) -> list[Row]:
    """List pages and a record page; the bare limit is the query for the rows that the page shows."""
    world = the_million(n)
    contacts = reverse("crm_list", args=[world.org.pk, "Contacts"])
    module = schema_of(world.org)["Contacts"]
    deep = f"{contacts}?sort=name"
    for _ in range(21):
        answer = world.client.get(deep).content.decode()
        deep = contacts + html.unescape(re.search(r'rel="next" href="([^"]+)"', answer)[1])  # type: ignore[index]
    someone = Record.objects.filter(module_id=module.id).order_by("-id").values_list("pk", flat=True)[7]
    nobody = f"{contacts}?{urlencode({'filter': as_text(filter_of(Condition('Title', 'is', ('社長',))))})}"
    make_index(module, "Title")  # the first to sort a large list by a column has it made in the background
    last_change = "ORDER BY modified_at DESC, id DESC LIMIT 51"
    cases = [
        ("list, first page", contacts, last_change),
        ("list, page 22 by name", deep, "AND name > '中村' ORDER BY name, id LIMIT 51"),
        ("list, filtered by a pick list", f"{contacts}?Lead_Source=Chat", f"AND values->>'Lead_Source' = 'Chat' {last_change}"),
        ("list, sorted by title", f"{contacts}?sort=Title", "ORDER BY name, id LIMIT 51"),
        ("list, a text that nobody has", nobody, "AND upper(values->>'Title') = '社長' LIMIT 51"),
        ("record page", reverse("crm_record", args=[world.org.pk, "Contacts", someone]), f"AND id = {someone}"),
    ]  # fmt: skip
    return [row for name, url, rest in cases for row in measure(world, name, url, module, rest)]


@bench("search", n=1_000_000)
def search(n: int) -> list[Row]:
    """What the box shows while somebody types; the bare limit is the one index query for contacts that hold the token."""
    world = the_million(n)
    address = reverse("crm_search", args=[world.org.pk])
    module = schema_of(world.org)["Contacts"]
    cases = [
        ("search, two kanji, common", "田中", "田中"),
        ("search, two kanji, rare", "綾小", "綾小"),
        ("search, beginning of a name", "月見坂食", "月見"),
        ("search, two words", "佐藤 美咲", "佐藤"),
        ("search, part of an e-mail", "user4711@kirin", "user4711"),
        ("search, whole e-mail", "user4711@midori4711.example", "user4711"),
        ("search, part of a phone number", "3-0047-1", "300471"),
        ("search, a very common word", "ロガー", "ロガ"),
        ("search, nothing there", "存在しない", "存在"),
    ]
    rows: list[Row] = []
    for name, text, token in cases:
        rest = f"AND search @@ '''{module.id}:{token}'':*'::tsquery LIMIT 60"
        rows += measure(world, name, f"{address}?q={text}", module, rest, is_fragment=True)
    return rows


def measure(
    world: Million, name: str, url: str, module: ModuleSchema, rest: str, *, is_fragment: bool = False
) -> list[Row]:
    headers = {"HX-Request": "true"} if is_fragment else {}

    def show() -> None:
        assert world.client.get(url, headers=headers).status_code == 200

    show()
    queries: list[str] = []

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        show()
    measured = milliseconds_of(show, times=TIMES)
    bare = milliseconds_of(bare_query(module, rest), times=TIMES)
    return [
        at_most(f"{name}, p50", world.n, percentile(measured, 0.5), percentile(bare, 0.5), 100),
        at_most(
            f"{name}, p95 ({len(queries)} queries)", world.n, percentile(measured, 0.95), percentile(bare, 0.95), 100
        ),
    ]


def bare_query(module: ModuleSchema, rest: str) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT id, name, "values", modified_at FROM crm_record WHERE org_id = %s AND module_id = %s '
                f"AND deleted_at IS NULL {rest.replace('%', '%%')}",
                [module.org_id, module.id],
            )
            cursor.fetchall()

    return run
