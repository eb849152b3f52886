"""The journal as an administrator reads it, and taking back with a plan first."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync_journal import pages
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_two_way
from tests.makers.crm import make_member, make_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y2")]
Drain = Callable[[], int]


@pytest.fixture
def joined(drain: Drain) -> Joined:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Phone="0258-00-1147")
    make_record(joined.org, Last_Name="戸田")
    drain()
    update_record(record, values={"Phone": "0258-00-2000"}, actor=SYSTEM)
    drain()
    return joined


@pytest.fixture
def page(joined: Joined) -> Client:
    client = Client()
    client.force_login(joined.administrator.person)
    return client


def journal(joined: Joined, query: str = "") -> str:
    return reverse("desk_integration_journal", args=[joined.org.pk]) + query


def undoing(joined: Joined, query: str = "") -> str:
    return reverse("desk_integration_undoing", args=[joined.org.pk]) + query


def test_it_says_what_was_written_and_why(joined: Joined, page: Client) -> None:
    text = page.get(journal(joined)).content.decode()
    assert "0258-00-2000" in text
    assert "changed in CRM" in text
    assert "new in CRM" in text


def test_it_is_read_by_kind_record_and_run(joined: Joined, page: Client) -> None:
    record = JournalRow.objects.get(kind="updated")
    assert "戸田" not in page.get(journal(joined, "?kind=updated")).content.decode()
    of_record = page.get(journal(joined, f"?module=contacts&crm_id={record.crm_id}")).content.decode()
    assert "戸田" not in of_record
    assert "Take all of this back" in of_record
    run = Run.objects.get()
    assert "戸田" in page.get(journal(joined, f"?run={run.pk}")).content.decode()


def test_a_line_is_taken_back_after_one_saw_what_that_does(joined: Joined, page: Client) -> None:
    line = JournalRow.objects.get(kind="updated")
    plan = page.get(undoing(joined, f"?line={line.pk}")).content.decode()
    assert "0258-00-1147" in plan
    assert Contact.objects.filter(phone="0258-00-2000").exists()
    done = page.post(undoing(joined), {"line": line.pk}, follow=True).content.decode()
    assert "1 line is taken back." in done
    assert Contact.objects.filter(phone="0258-00-1147").exists()
    assert page.get(undoing(joined, f"?line={line.pk}")).content.decode().count("was taken back already") == 1


def test_all_of_a_run_is_taken_back_but_never_the_whole_journal_at_once(joined: Joined, page: Client) -> None:
    assert page.get(undoing(joined)).status_code == 404
    page.post(undoing(joined), {"run": Run.objects.get().pk})
    assert not Contact.objects.filter(last_name="戸田", deleted_at=None).exists()


def test_strangers_to_the_settings_see_and_take_back_nothing(joined: Joined) -> None:
    colleague = Client()
    colleague.force_login(make_member(joined.org).person)
    line = JournalRow.objects.filter(kind="updated").get()
    assert colleague.get(journal(joined)).status_code in {403, 404}
    assert colleague.post(undoing(joined), {"line": line.pk}).status_code in {403, 404}
    assert not JournalRow.objects.filter(kind="undone").exists()


def test_everything_since_a_moment_is_taken_back_part_by_part(
    joined: Joined, page: Client, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 1)
    first = Run.objects.get()
    JournalRow.objects.filter(run=first).update(at=clock.now() - timedelta(days=1))
    for phone in ("0258-00-3000", "0258-00-4000"):
        update_record(Record.objects.get(values__Last_Name="相沢"), values={"Phone": phone}, actor=SYSTEM)
        drain()
    since = timezone.localtime(clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert "Take all of this back" in page.get(journal(joined, f"?since={since}")).content.decode()
    text = page.get(undoing(joined, f"?since={since}")).content.decode()
    assert "The newest 1 lines are taken back now" in text
    sent = {"since": since}
    for phone in ("0258-00-3000", "0258-00-2000", "0258-00-1147"):
        answer = page.post(undoing(joined), sent)
        assert Contact.objects.filter(phone=phone).exists()
        sent = {"since": since, **dict(parse_qsl(urlsplit(answer["Location"]).query))}
    assert Contact.objects.filter(last_name="戸田", deleted_at=None).exists()
    assert "Nothing of this can be taken back." in page.get(undoing(joined, f"?since={since}")).content.decode()
    assert page.get(undoing(joined, "?since=nonsense")).status_code == 404


def test_a_field_has_a_timeline_of_its_own_and_a_way_back(joined: Joined, page: Client, drain: Drain) -> None:
    record = Record.objects.select_related("org", "module").get(values__Last_Name="相沢")
    update_record(record, values={"Phone": "0258-00-3000", "Title": "部長"}, actor=SYSTEM)
    drain()
    line = JournalRow.objects.filter(kind="updated").latest("pk")
    text = page.get(journal(joined, f"?module=contacts&crm_id={record.pk}")).content.decode()
    assert f"line={line.pk}&amp;field=phone" in text
    text = page.get(journal(joined, f"?module=contacts&crm_id={record.pk}&field=title")).content.decode()
    assert "部長" in text
    assert "0258-00-3000" not in text
    assert "0258-00-3000" not in page.get(undoing(joined, f"?line={line.pk}&field=title")).content.decode()
    page.post(undoing(joined), {"line": line.pk, "field": "phone"})
    contact = Contact.objects.get(last_name="相沢")
    assert (contact.phone, contact.title) == ("0258-00-2000", "部長")
    assert page.get(undoing(joined, f"?line={line.pk}&field=nothing")).status_code == 404
