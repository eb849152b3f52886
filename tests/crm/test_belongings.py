"""Tags, notes and files of a record: on its page, by right, with a way back."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues
from kakehashi.core.mentions import mentioned
from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.modules.queries import find_module, module_schema
from kakehashi.crm.notes.actions import add_note
from kakehashi.crm.notes.models import Note, NoteMention
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.belongings import hand_back, hand_over
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.actions import change_tag, merge_tags, tag_records
from kakehashi.crm.tags.queries import suggest_tags, tagged, tags_of
from tests.makers.belongings import make_file, make_note, make_tag
from tests.makers.crm import make_member, make_record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def record(org: Org) -> Record:
    return make_record(org)


def url(record: Record, path: str = "") -> str:
    return f"/crm/{record.org_id}/{record.module.api_name}/{record.pk}/{path}"


def queries_of(page: Client, address: str) -> int:
    page.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert page.get(address).status_code == 200
    return len(queries)


def test_a_tag_is_one_however_it_is_written(record: Record) -> None:
    tags = {make_tag(record, name).pk for name in ("ＶＩＰ", "vip", " Vip ")}
    assert len(tags) == 1
    assert [tag.name for tag in tags_of([record.pk])[record.pk]] == ["ＶＩＰ"]


def test_a_tag_is_added_offered_and_taken_off_on_the_record(page: Client, record: Record) -> None:
    added = page.post(url(record, "tags/"), {"name": "展示会"}, headers=HTMX).content.decode()
    assert "展示会" in added
    other = make_record(record.module.org)
    assert "展示会" in page.get(url(other, "tags/?name=示"), headers=HTMX).content.decode()
    tag = tags_of([record.pk])[record.pk][0]
    assert "展示会" not in page.post(url(record, f"tags/{tag.pk}/removal"), headers=HTMX).content.decode()


def test_tags_of_many_records_cost_one_query_and_filter_them(org: Org, django_assert_num_queries: Callable) -> None:
    records = [make_record(org) for _ in range(5)]
    tag = make_tag(records[0])
    module = module_schema(find_module(org, "Contacts"))
    tag_records(module, record_ids=[records[1].pk, records[0].pk], name="重要", actor=SYSTEM)
    with django_assert_num_queries(1):
        assert set(tags_of([one.pk for one in records])) == {records[0].pk, records[1].pk}
    assert set(tagged(Record.objects.all(), [tag.pk])) == set(records[:2])


def test_merged_tags_leave_each_record_with_one(record: Record) -> None:
    other = make_record(record.module.org)
    vip, important = make_tag(record, "VIP"), make_tag(record, "重要")
    make_tag(other, "VIP")
    merge_tags(vip, into=important, actor=SYSTEM)
    found = tags_of([record.pk, other.pk])
    assert [tag.name for tags in found.values() for tag in tags] == ["重要", "重要"]


def test_a_tag_cannot_take_the_name_of_another(record: Record) -> None:
    make_tag(record, "VIP")
    with pytest.raises(InvalidValues):
        change_tag(make_tag(record, "重要"), name="ｖｉｐ", colour="blue", actor=SYSTEM)


def test_suggestions_begin_with_what_begins_so(record: Record) -> None:
    for name in ("東京展示会", "展示会2026", "保守"):
        make_tag(record, name)
    module = module_schema(record.module)
    assert [tag.name for tag in suggest_tags(module, "展示", without=[])] == ["展示会2026", "東京展示会"]


def test_tags_are_kept_tidy_in_the_settings(page: Client, record: Record) -> None:
    tag = make_tag(record, "VIP")
    address = f"/crm/{record.org_id}/settings/tags/Contacts/"
    assert "VIP" in page.get(address).content.decode()
    assert page.post(f"{address}{tag.pk}/", {"name": "得意先", "colour": "green"}).status_code == 302
    assert page.post(f"{address}{tag.pk}/", {"name": "", "colour": "green"}).status_code == 422
    page.post(f"{address}{tag.pk}/deletion")
    assert tags_of([record.pk]) == {}


def test_a_note_is_written_shown_changed_and_comes_back_after_a_deletion(page: Client, record: Record) -> None:
    card = page.post(url(record, "notes/"), {"html": "<div>納期は<b>3月</b></div>", "title": "電話"}, headers=HTMX)
    assert "<b>3月</b>" in card.content.decode()
    note = Note.objects.get()
    changed = page.post(url(record, f"notes/{note.pk}/"), {"html": "<div>納期は4月</div>"}, headers=HTMX)
    assert "4月" in changed.content.decode()
    deleted = page.post(url(record, f"notes/{note.pk}/deletion"), headers=HTMX)
    assert "4月" not in deleted.content.decode()
    undo = json.loads(deleted["HX-Trigger"])["toast"]["undo"]
    assert page.post(undo, headers=HTMX).status_code == 204
    assert "4月" in page.get(url(record)).content.decode()


def test_an_empty_note_is_refused_beside_its_field(page: Client, record: Record) -> None:
    answer = page.post(url(record, "notes/"), {"html": "<div><br></div>", "title": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_what_a_note_holds_is_never_run_as_markup(page: Client, record: Record) -> None:
    nasty = '<div onclick="x()">a<script>alert(1)</script><img src=x onerror=y><a href="javascript:z()">l</a></div>'
    add_note(record, html=nasty, title="<script>t</script>", actor=SYSTEM)
    shown = page.get(url(record)).content.decode()
    for trap in ("alert(1)", "onerror", "onclick", "javascript:z", "<script>t"):
        assert trap not in shown, trap


def test_pinned_notes_stand_above_and_older_ones_are_paged(page: Client, record: Record) -> None:
    first = make_note(record, "一番目")
    for number in range(8):
        make_note(record, f"メモ{number}")
    page.post(url(record, f"notes/{first.pk}/pin"), {"pinned": "1"}, headers=HTMX)
    shown = page.get(url(record, "notes/"), headers=HTMX)
    texts = [row.note.text for row in shown.context["rows"]]
    assert texts[:2] == ["一番目", "メモ7"]
    rest = page.get(url(record, f"notes/?after={shown.context['older']}"), headers=HTMX)
    assert [row.note.text for row in rest.context["rows"]] == ["メモ2", "メモ1", "メモ0"]


def test_an_account_shows_the_notes_of_its_contacts_when_asked(org: Org, page: Client) -> None:
    account = make_record(org, "Accounts")
    contact = make_record(org, Account_Name=account.pk)
    deal = make_record(org, "Deals", Account_Name=account.pk, Contact_Name=contact.pk)
    make_note(contact, "担当者のメモ")
    for own in (account, deal):
        assert "担当者のメモ" not in page.get(url(own, "notes/")).content.decode()
        assert "担当者のメモ" in page.get(url(own, "notes/?people=1")).content.decode()


def test_a_note_is_changed_by_its_author_or_who_may_edit_the_record(org: Org, client: Client) -> None:
    reader = make_member(org, permissions=["see_all_records"])
    client.force_login(reader.person)
    record = make_record(org)
    foreign = make_note(record)
    client.post(url(record, "notes/"), {"html": "<div>自分のメモ</div>"}, headers=HTMX)
    mine = Note.objects.get(author_id=reader.person.pk)
    assert client.post(url(record, f"notes/{foreign.pk}/"), {"html": "x"}).status_code == 403
    assert client.post(url(record, f"notes/{foreign.pk}/deletion")).status_code == 403
    assert client.post(url(record, f"notes/{mine.pk}/"), {"html": "y"}, headers=HTMX).status_code == 200


def test_who_cannot_see_the_record_sees_no_note_and_no_file(org: Org, client: Client) -> None:
    client.force_login(make_member(org, permissions=["create_records", "edit_records"]).person)
    record = make_record(org)
    note, file = make_note(record), make_file(record)
    for path in ("notes/", f"notes/{note.pk}/", "files/", f"files/{file.pk}/", f"files/{file.pk}/preview"):
        assert client.get(url(record, path)).status_code == 404, path


def test_a_note_of_another_record_is_not_reached_through_this_one(page: Client, record: Record) -> None:
    other = make_record(record.module.org)
    note, file = make_note(other), make_file(other)
    assert page.get(url(record, f"notes/{note.pk}/")).status_code == 404
    assert page.get(url(record, f"files/{file.pk}/")).status_code == 404


def test_colleagues_are_mentioned_by_their_whole_name(
    org: Org, access: CrmAccess, page: Client, record: Record
) -> None:
    colleague = make_member(org, family_name="戸田", given_name="陸")
    add_note(record, html="<div>@戸田 陸 さん、確認をお願いします</div>", actor=SYSTEM)
    assert list(NoteMention.objects.values_list("person_id", flat=True)) == [colleague.person.pk]
    assert '<span class="k-mention">@戸田 陸</span>' in page.get(url(record)).content.decode()
    assert page.get(f"/crm/{org.pk}/colleagues?q=戸").json() == ["戸田 陸"]


def test_of_two_names_that_begin_alike_the_longer_is_meant() -> None:
    assert mentioned("@田中 一郎さん @田中 一", [(1, "田中 一"), (2, "田中 一郎")]) == [2, 1]
    assert mentioned("田中 一郎", [(2, "田中 一郎")]) == []


def test_a_file_is_taken_in_given_out_safely_and_comes_back_after_a_deletion(page: Client, record: Record) -> None:
    nasty = SimpleUploadedFile("a.html", b"<script>alert(1)</script>", "text/html")
    assert page.post(url(record, "files/"), {"files": nasty}).status_code == 201
    file = RecordFile.objects.get()
    given = page.get(url(record, f"files/{file.pk}/"))
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    deleted = page.post(url(record, f"files/{file.pk}/deletion"), headers=HTMX)
    assert page.get(url(record, f"files/{file.pk}/")).status_code == 404
    page.post(json.loads(deleted["HX-Trigger"])["toast"]["undo"])
    assert page.get(url(record, f"files/{file.pk}/")).status_code == 200


def test_only_a_true_pdf_is_shown_in_a_frame(page: Client, record: Record) -> None:
    true, false = make_file(record), make_file(record, "b.pdf", b"<script>")
    shown = page.get(url(record, f"files/{true.pk}/?inline"))
    assert (shown["Content-Type"], shown["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    assert page.get(url(record, f"files/{false.pk}/?inline"))["Content-Disposition"].startswith("attachment")


def test_a_program_or_a_file_too_large_is_refused_in_words(page: Client, record: Record, settings: object) -> None:
    settings.ATTACHMENT_LIMIT_BYTES = 10  # type: ignore[attr-defined]
    for name, content in (("a.exe", b"x"), ("a.txt", b"x" * 11)):
        answer = page.post(url(record, "files/"), {"files": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert name in answer.json()["error"]
    assert not RecordFile.objects.exists()


def test_a_record_page_costs_the_same_queries_however_much_lies_with_it(page: Client, record: Record) -> None:
    make_note(record), make_file(record), make_tag(record)
    few = queries_of(page, url(record))
    for number in range(4):
        make_note(record, "@高瀬 悠"), make_file(record), make_tag(record, f"タグ{number}")
    assert queries_of(page, url(record)) <= few + 1


def test_the_timeline_tells_of_belongings_and_is_filtered_by_kind(page: Client, record: Record) -> None:
    make_note(record, "見積もりの件"), make_file(record), make_tag(record, "重要")
    everything = page.get(url(record, "history")).content.decode()
    for text in ("見積もりの件", "見積書.pdf", "重要"):
        assert text in everything, text
    tags = page.get(url(record, "history?kind=tags")).content.decode()
    assert "重要" in tags
    assert "見積書.pdf" not in tags


def test_a_card_stays_folded_for_the_person_who_folded_it(org: Org, page: Client, record: Record) -> None:
    address = f"/crm/{org.pk}/Contacts/panels/notes"
    page.post(address, {"folded": "1"})
    assert [card.key for card in page.get(url(record)).context["cards"] if card.is_folded] == ["notes"]
    page.post(address, {"folded": ""})
    assert not any(card.is_folded for card in page.get(url(record)).context["cards"])


def test_belongings_follow_a_merge_and_come_back_with_it(org: Org, access: CrmAccess, record: Record) -> None:
    """Into the survivor, a tag that both carry once; back to where they were, what came later stays."""
    survivor = make_record(org)
    note, file = make_note(record), make_file(record)
    make_tag(record, "重要"), make_tag(record, "VIP"), make_tag(survivor, "VIP")
    handed = list(hand_over(record.pk, survivor.pk))
    later = make_note(survivor)
    assert {one.record_id for one in (Note.objects.get(pk=note.pk), RecordFile.objects.get(pk=file.pk))} == {
        survivor.pk
    }
    assert sorted(tag.name for tag in tags_of([survivor.pk])[survivor.pk]) == ["VIP", "重要"]
    hand_back(json.loads(json.dumps(handed)), record.pk, survivor.pk)
    names = {key: sorted(tag.name for tag in tags) for key, tags in tags_of([record.pk, survivor.pk]).items()}
    assert names == {record.pk: ["VIP", "重要"], survivor.pk: ["VIP"]}
    assert [one.pk for one in Note.objects.filter(record=survivor)] == [later.pk]


def test_tags_of_a_lead_become_tags_of_contacts(org: Org) -> None:
    lead, contact = make_record(org, "Leads"), make_record(org)
    tag = make_tag(lead, "展示会")
    list(hand_over(lead.pk, contact.pk, only=["tags"]))
    (twin,) = tags_of([contact.pk])[contact.pk]
    assert (twin.name, twin.colour, twin.module_id) == ("展示会", tag.colour, contact.module_id)
