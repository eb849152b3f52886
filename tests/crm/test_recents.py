"""An empty search box offers what one searched for and opened lately: one's own, few, by the rights of now."""

import pytest
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.crm.orgs.access import CrmAccess, find_access
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.recents.actions import MOST_OPENED, MOST_SEARCHES, note_opened, note_search
from kakehashi.crm.recents.models import OpenedRecord, RecentSearch
from kakehashi.crm.recents.queries import recent_records, recent_searches
from kakehashi.crm.records.actions import delete_record
from kakehashi.crm.records.models import Record
from tests.makers.crm import make_member, make_org, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def offered(page: Client, org: Org) -> str:
    return page.get(f"/crm/{org.pk}/search", {"q": ""}, headers=HTMX).text


def test_what_was_searched_and_opened_is_offered_to_an_empty_box(org: Org, page: Client) -> None:
    record = make_record(org, Last_Name="相沢")
    assert offered(page, org).strip() == ""
    page.get(f"/crm/{org.pk}/search", {"q": "月見坂"})
    page.get(f"/crm/{org.pk}/Contacts/{record.pk}/")
    text = offered(page, org)
    assert "最近の検索" in text
    assert "月見坂" in text
    assert f'href="/crm/{org.pk}/Contacts/{record.pk}/"' in text
    assert "相沢" in page.get(f"/crm/{org.pk}/search").text


def test_what_is_typed_on_the_way_is_not_kept(org: Org, page: Client) -> None:
    page.get(f"/crm/{org.pk}/search", {"q": "月"}, headers=HTMX)
    assert not RecentSearch.objects.exists()


def test_the_latest_comes_first_and_stands_there_once(access: CrmAccess, org: Org) -> None:
    first, second = make_record(org, Last_Name="相沢"), make_record(org, Last_Name="石井")
    for record in (first, second, first):
        note_opened(access, record)
    assert recent_records(access, most=6) == [first, second]
    for text in ("Tokyo", "大阪", "ＴＯＫＹＯ"):
        note_search(access, text)
    assert recent_searches(access, most=6) == ["ＴＯＫＹＯ", "大阪"]


def test_the_lists_stay_short(access: CrmAccess, org: Org) -> None:
    for number in range(MOST_OPENED + 5):
        note_opened(access, make_record(org))
        note_search(access, f"word{number}")
    assert OpenedRecord.objects.count() == MOST_OPENED
    assert RecentSearch.objects.count() == MOST_SEARCHES
    assert recent_searches(access, most=1) == [f"word{MOST_OPENED + 4}"]


def test_they_are_ones_own_and_of_this_org(access: CrmAccess, org: Org) -> None:
    note_opened(access, make_record(org))
    note_search(access, "月見坂")
    colleague = make_member(org)
    assert recent_records(colleague, most=6) == []
    assert recent_searches(colleague, most=6) == []
    elsewhere = make_org(administrator=access.person, name="別会社")
    there = find_access(access.person, elsewhere.pk)
    assert recent_records(there, most=6) == []
    assert recent_searches(there, most=6) == []


def test_what_one_may_not_see_any_more_is_not_shown(org: Org, access: CrmAccess) -> None:
    seller = make_member(org, permissions=["edit_records"])
    mine, given, deleted = (make_record(org, owner=seller.person) for _ in range(3))
    for record in (mine, given, deleted):
        note_opened(seller, record)
    Record.objects.filter(pk=given.pk).update(owner_id=access.person.pk)
    delete_record(deleted, actor=SYSTEM)
    assert recent_records(seller, most=6) == [mine]


def test_the_lists_can_be_cleared(org: Org, page: Client, access: CrmAccess) -> None:
    note_opened(access, make_record(org))
    note_search(access, "月見坂")
    others = make_member(org)
    note_search(others, "大阪")
    page.post(f"/crm/{org.pk}/search/forgetting")
    assert offered(page, org).strip() == ""
    assert recent_searches(others, most=6) == ["大阪"]
