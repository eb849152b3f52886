"""Large lists get an index for the column that they are sorted by."""

import pytest
from django.db import connection

from kakehashi.core.estimates import estimated_rows
from kakehashi.core.filters.definition import Condition, as_text, filter_of
from kakehashi.crm.list_views import queries, sort_indexes
from kakehashi.crm.list_views.choice import read_choice
from kakehashi.crm.list_views.jobs import drop_sort_indexes, make_sort_index
from kakehashi.crm.list_views.sort_indexes import index_name, index_names, make_index
from kakehashi.crm.list_views.sort_keys import sort_key
from kakehashi.crm.list_views.view_queries import views_of
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_administrator, make_org, make_record

pytestmark = pytest.mark.django_db(transaction=True)


def plan_of(org: Org, module: ModuleSchema, key: str) -> str:
    rows = Record.objects.filter(org_id=org.pk, module_id=module.id, deleted_at=None)
    rows = rows.annotate(sort_key=sort_key(module, key)).order_by("-sort_key", "-pk")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET enable_sort = off")
        try:
            return rows.explain()
        finally:
            cursor.execute("SET enable_sort = on")


@pytest.mark.parametrize("key", ["Stage", "Amount", "Closing_Date"])
def test_the_index_serves_the_lists_own_order_and_goes_with_its_field(key: str) -> None:
    org = make_org()
    make_record(org, "Deals", Amount="5", Closing_Date="2026-11-25")
    module = schema_of(org)["Deals"]
    make_sort_index(org_id=org.pk, module_id=module.id, key=key)
    assert make_index(module, key), "twice is once"
    assert index_name(module, key) in plan_of(org, module, key)
    drop_sort_indexes(0)
    assert index_names() == [index_name(module, key)]
    Field.objects.filter(pk=module.fields[key].id).delete()
    drop_sort_indexes(0)
    assert index_names() == []


def test_a_database_bears_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sort_indexes, "MOST_INDEXES", 0)
    assert not make_index(schema_of(make_org())["Deals"], "Stage")


def test_only_a_large_list_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    org = make_org()
    access = make_administrator(org)
    for _ in range(2):
        make_record(org, "Deals")
    module = access.schema["Deals"]
    asked: list[str] = []
    monkeypatch.setattr(queries, "ask_for_index", lambda module, key: asked.append(key))
    choice = read_choice({"sort": "-Amount"}, module, views_of(access, module).chosen(""))
    queries.list_records(access, module, choice)
    assert asked == []
    monkeypatch.setattr(queries, "COUNTED_ROWS", 1)
    queries.list_records(access, module, choice)
    assert asked == ["Amount"]


@pytest.mark.parametrize(("expected", "said"), [(10, (3, True)), (10**6, (2, False))])
def test_what_very_many_fit_is_counted_up_to_a_thousand_only(
    monkeypatch: pytest.MonkeyPatch, expected: int, said: tuple[int, bool]
) -> None:
    org = make_org()
    access = make_administrator(org)
    for _ in range(3):
        make_record(org, "Deals", Stage="Qualification")
    make_record(org, "Deals", Stage="Closed Lost")
    monkeypatch.setattr(queries, "PAGE_ROWS", 1)
    monkeypatch.setattr(queries, "_SURE_ROWS", 2)
    monkeypatch.setattr(queries, "estimated_rows", lambda rows: expected)
    module = access.schema["Deals"]
    asked = as_text(filter_of(Condition("Stage", "any_of", ("Qualification",))))
    page = queries.list_records(
        access, module, read_choice({"filter": asked}, module, views_of(access, module).chosen(""))
    )
    assert (page.total, page.is_counted) == said


def test_the_database_says_how_many_it_expects() -> None:
    make_record(make_org(), "Deals")
    assert estimated_rows(Record.objects.all()) >= 0
