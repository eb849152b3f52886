"""A deal's page: its stages on top, and how long it stood in each."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from kakehashi.core.actors import Actor
from kakehashi.crm.deals.bar import stage_spans
from kakehashi.crm.deals.spans import Move, spans_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record
from tests.makers.crm import make_administrator, make_member, make_record

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@given(some.lists(some.integers(0, 400), max_size=8))
def test_the_stays_of_a_deal_join_without_gap_from_its_beginning_to_now(hours: list[int]) -> None:
    names = [f"stage {number}" for number in range(len(hours) + 1)]
    moves, at = [], BEGUN
    for number, wait in enumerate(hours):
        at += timedelta(hours=wait)
        moves.append(Move(at, names[number], names[number + 1], "高瀬"))
    spans = spans_of(BEGUN, "高瀬", names[-1], moves, at + timedelta(days=3))[::-1]
    assert [span.stage for span in spans] == names
    assert all(one.until == other.since for one, other in pairwise(spans))
    assert (spans[0].since, spans[-1].until, spans[-1].days) == (BEGUN, None, 3)


def test_stays_are_read_from_what_happened_to_the_deal(org: Org) -> None:
    deal = make_record(org, "Deals", Stage="Qualification", actor=Actor(None, "高瀬 悠"))
    deal = update_record(deal, values={"Amount": "1"}, actor=Actor(None, "戸田 陸"))
    deal = update_record(deal, values={"Stage": "Needs Analysis"}, actor=Actor(None, "戸田 陸"))
    assert [(span.stage, span.person) for span in stage_spans(deal)] == [
        ("Needs Analysis", "戸田 陸"),
        ("Qualification", "高瀬 悠"),
    ]


def test_a_deal_shows_its_stages_and_only_who_may_edit_can_press_them(org: Org, client: Client) -> None:
    deal = make_record(org, "Deals", Stage="Needs Analysis", Closing_Date="2026-01-05", Amount="4860000")
    client.force_login(make_administrator(org).person)
    page = client.get(f"/crm/{org.pk}/Deals/{deal.pk}/")
    assert (page.context["stage_bar"]["place"], page.context["stage_bar"]["may_move"]) == (1, True)
    assert "¥4,860,000" in page.content.decode()
    assert "期限超過" in page.content.decode()
    client.force_login(make_member(org, permissions=["see_all_records"]).person)
    assert client.get(f"/crm/{org.pk}/Deals/{deal.pk}/").context["stage_bar"]["may_move"] is False


def test_other_records_have_no_stages(org: Org, client: Client) -> None:
    client.force_login(make_administrator(org).person)
    record = make_record(org)
    assert client.get(f"/crm/{org.pk}/Contacts/{record.pk}/").context["stage_bar"] is None
