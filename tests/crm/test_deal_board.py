"""Deals in the columns of their stages, and moving them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.deals.queries import open_deals, won_deals
from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Field
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_member, make_record, make_stranger

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def deal(org: Org, name: str = "ロガー増設", **values: Any) -> Record:
    return make_record(org, "Deals", Deal_Name=name, **values)


def board(page: Client, org: Org, query: str = "") -> dict[str, list[str]]:
    columns = page.get(f"/crm/{org.pk}/Deals/?layout=board{query}").context["columns"]
    return {column["stage"].value: [card.name for card in column["cards"]] for column in columns}


def move(page: Client, record: Record, stage: str, **more: Any) -> Any:
    address = f"/crm/{record.org_id}/Deals/{record.pk}/stage"
    return page.post(address, {"stage": stage, **more}, headers=HTMX)


def require_fields(org: Org, *names: str) -> None:
    Field.objects.filter(org=org, module__api_name="Deals", api_name__in=names).update(is_required=True)
    bump_schema(org)


def test_deals_stand_in_the_columns_of_their_stages_what_closes_next_first(org: Org, page: Client) -> None:
    deal(org, "後", Closing_Date="2027-03-01")
    deal(org, "先", Closing_Date="2027-01-01")
    deal(org, "未定")
    deal(org, "受注", Stage="Closed Won")
    columns = board(page, org)
    assert columns["Qualification"] == ["先", "後", "未定"]
    assert columns["Closed Won"] == ["受注"]
    assert list(columns)[:2] == ["Qualification", "Needs Analysis"]


def test_a_column_says_how_many_deals_it_has_and_what_they_are_worth(org: Org, page: Client) -> None:
    for amount in (1_000_000, 2_500_000, None):
        deal(org, Amount=amount)
    answer = page.get(f"/crm/{org.pk}/Deals/?layout=board")
    first = answer.context["columns"][0]["tally"]
    assert (first.count, int(first.amount)) == (3, 3_500_000)
    assert "¥3,500,000" in answer.content.decode()


def test_the_board_shares_the_filters_of_the_list(org: Org, page: Client, access: CrmAccess) -> None:
    make_record(org, "Deals", Deal_Name="温度計", actor=access.actor)
    deal(org, "湿度計")
    for query in ["&q=温度", "&owner=me"]:
        assert board(page, org, query)["Qualification"] == ["温度計"], query


def test_the_layout_is_remembered_per_person_and_module(org: Org, page: Client, client: Client) -> None:
    deal(org)
    page.get(f"/crm/{org.pk}/Deals/?layout=board")
    assert "columns" in page.get(f"/crm/{org.pk}/Deals/").context
    page.get(f"/crm/{org.pk}/Deals/?layout=table")
    assert "page" in page.get(f"/crm/{org.pk}/Deals/").context
    assert "page" in page.get(f"/crm/{org.pk}/Contacts/?layout=board").context


def test_the_board_costs_the_same_queries_however_many_deals(org: Org, page: Client) -> None:
    address = f"/crm/{org.pk}/Deals/?layout=board"
    counts = []
    for _ in range(2):
        for stage in ("Qualification", "Closed Won", "Closed Lost"):
            deal(org, Stage=stage, Account_Name=make_record(org, "Accounts").pk)
        page.get(address)
        with CaptureQueriesContext(connection) as queries:
            page.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 23


def test_a_long_column_goes_on_where_it_stopped_and_shows_each_deal_once(org: Org, page: Client) -> None:
    for number in range(45):
        deal(org, f"商談{number:02}", Closing_Date=date(2027, 1, 1 + number % 9).isoformat())
    answer = page.get(f"/crm/{org.pk}/Deals/?layout=board")
    column = answer.context["columns"][0]
    names = [card.name for card in column["cards"]]
    while column["more_url"]:
        column = page.get(column["more_url"], headers=HTMX).context["column"]
        names += [card.name for card in column["cards"]]
    assert len(names) == len(set(names)) == 45


def test_a_refresh_shows_as_many_cards_as_were_loaded(org: Org, page: Client) -> None:
    for number in range(45):
        deal(org, f"商談{number:02}")
    assert len(board(page, org, "&loaded=Qualification")["Qualification"]) == 40


def test_a_late_deal_is_marked_and_a_closed_one_is_not(org: Org, page: Client) -> None:
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    deal(org, "遅れ", Closing_Date=yesterday)
    deal(org, "済み", Closing_Date=yesterday, Stage="Closed Won")
    columns = page.get(f"/crm/{org.pk}/Deals/?layout=board").context["columns"]
    late = {card.name: card.is_late for column in columns for card in column["cards"]}
    assert late == {"遅れ": True, "済み": False}


def test_a_moved_deal_takes_its_figures_along_and_comes_back_by_undo(org: Org, page: Client) -> None:
    record = deal(org, Amount="1000", Probability="45")
    answer = move(page, record, "Negotiation/Review")
    toast = json.loads(answer["HX-Trigger"])["toast"]
    record.refresh_from_db()
    assert (answer.status_code, record.values["Stage"], record.values["Probability"]) == (
        204,
        "Negotiation/Review",
        "90",
    )
    assert page.post(toast["undo"], headers=HTMX).status_code == 204
    record.refresh_from_db()
    assert {name: record.values[name] for name in ("Stage", "Probability", "Expected_Revenue")} == {
        "Stage": "Qualification",
        "Probability": "45",
        "Expected_Revenue": "450",
    }


def test_an_undo_never_overwrites_what_a_colleague_did_since(org: Org, page: Client) -> None:
    record = deal(org)
    undo = json.loads(move(page, record, "Needs Analysis")["HX-Trigger"])["toast"]["undo"]
    record.refresh_from_db()
    update_record(record, values={"Stage": "Value Proposition"}, actor=SYSTEM)
    answer = page.post(undo, headers=HTMX)
    assert "変更" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    record.refresh_from_db()
    assert record.values["Stage"] == "Value Proposition"


def test_a_lost_deal_needs_the_reason_and_closing_date_that_the_org_requires(org: Org, page: Client) -> None:
    record = deal(org)
    require_fields(org, "Reason_For_Loss__s", "Closing_Date")
    assert move(page, record, "Needs Analysis").status_code == 204
    refused = move(page, record, "Closed Lost")
    assert (refused.status_code, refused.context["asked"]) == (422, ["Closing_Date", "Reason_For_Loss__s"])
    record.refresh_from_db()
    assert record.values["Stage"] == "Needs Analysis"
    asked = {"asked": ["Closing_Date", "Reason_For_Loss__s"]}
    again = move(page, record, "Closed Lost", Closing_Date="2026-11-20", Reason_For_Loss__s="", **asked)
    assert again.status_code == 422
    assert "2026-11-20" in again.content.decode()
    done = move(page, record, "Closed Lost", Closing_Date="2026-11-20", Reason_For_Loss__s="Price", **asked)
    record.refresh_from_db()
    assert (done.status_code, record.values["Reason_For_Loss__s"]) == (204, "Price")


def test_an_open_deal_is_made_without_a_reason_for_loss_even_if_that_is_required(org: Org, page: Client) -> None:
    require_fields(org, "Reason_For_Loss__s")
    answer = page.post(f"/crm/{org.pk}/Deals/new", {"Deal_Name": "新規", "Stage": "Qualification"})
    assert answer.status_code == 302


def test_a_stage_that_is_not_there_is_refused(org: Org, page: Client) -> None:
    assert move(page, deal(org), "Nowhere").status_code == 422


def test_who_may_not_edit_sees_the_board_and_moves_nothing(org: Org, client: Client) -> None:
    record = deal(org)
    client.force_login(make_member(org, permissions=["see_all_records"]).person)
    answer = client.get(f"/crm/{org.pk}/Deals/?layout=board")
    assert 'draggable="true"' not in answer.content.decode()
    assert move(client, record, "Closed Won").status_code == 403


def test_a_stranger_learns_nothing_of_a_deal(org: Org, client: Client) -> None:
    record = deal(org)
    client.force_login(make_stranger())
    base = f"/crm/{org.pk}/Deals"
    assert client.get(f"{base}/board?column=Qualification&from=2026-01-01:1").status_code == 404
    assert move(client, record, "Closed Won").status_code == 404
    assert client.post(f"{base}/{record.pk}/stage/return?version=1").status_code == 404


def test_others_can_ask_for_open_and_won_deals(org: Org, access: CrmAccess) -> None:
    first, won, lost = (deal(org, Stage=stage) for stage in ("Qualification", "Closed Won", "Closed Lost"))
    assert list(open_deals(access)) == [first]
    assert list(won_deals(access)) == [won]
    assert lost not in open_deals(access)
