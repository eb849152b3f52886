"""Fields that are more than a line of text: rich text, several records, files, pictures, formulas."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.registry import KINDS, clean_value
from kakehashi.core.fields.rich import RichTextKind
from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import RecordLookup
from tests.makers.crm import make_administrator, make_member, make_org, make_record
from tests.makers.fields import make_field

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
RICH = FieldSchema(1, "Story", "Story", FieldType.RICHTEXT)


@pytest.fixture
def org(db: None, tmp_path: Path, settings: Any) -> Org:
    settings.ATTACHMENTS = tmp_path
    return make_org()


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@given(
    st.one_of(
        st.text(max_size=80),
        st.from_regex(r"(<(b|div|script|a href=\"[a-z:/]{1,9}\"|img src=x onerror=1)>|[a-z<>&\n ]){0,20}"),
    )
)
def test_rich_text_is_safe_and_cleaning_it_again_changes_nothing(typed: str) -> None:
    html = RichTextKind().clean(typed, RICH)
    assert RichTextKind().clean(html, RICH) == html
    tags = re.findall(r"<\s*/?\s*([a-z0-9]+)", html or "", re.IGNORECASE)
    assert not {"script", "img", "iframe", "style"} & set(tags)
    assert "javascript:" not in " ".join(re.findall(r'href="([^"]*)"', html or ""))


def test_plain_text_becomes_rich_text_and_reads_the_same() -> None:
    assert RichTextKind().clean("a < b & c\nd", RICH) == "<div>a &lt; b &amp; c<br>d</div>"
    assert RichTextKind().search_text("<div>a &lt; b<br>d</div>") == "a < b\nd"
    assert RichTextKind().clean("<div><br></div>", RICH) is None


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
_CHOICES = (Choice("A", "甲"), Choice("B", "乙"))
_CANONICAL = {
    FieldType.TEXT: _WORDS,
    FieldType.INTEGER: st.integers(-(10**12), 10**12),
    FieldType.DECIMAL: st.decimals(-(10**9), 10**9, places=2).map(lambda number: format(number.normalize() + 0, "f")),
    FieldType.DATE: st.dates().map(lambda day: day.isoformat()),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.PICKLIST: st.sampled_from(["A", "B"]),
    FieldType.MULTIPICKLIST: st.lists(st.sampled_from(["A", "B"]), min_size=1, unique=True),
    FieldType.LOOKUP: st.integers(1, 10**9),
    FieldType.MULTILOOKUP: st.lists(st.integers(1, 10**9), min_size=1, unique=True),
}


@pytest.mark.parametrize("kind", _CANONICAL)
@given(data=st.data())
def test_what_stands_in_a_form_means_what_is_stored(kind: FieldType, data: st.DataObject) -> None:
    schema = FieldSchema(1, "Field", "Field", kind, choices=_CHOICES)
    value = data.draw(_CANONICAL[kind])
    assert clean_value(value, schema) == value
    assert clean_value(KINDS[kind].to_form(value), schema) == value


@pytest.mark.parametrize("kind", [FieldType.TEXT, FieldType.PICKLIST, FieldType.MULTIPICKLIST, FieldType.DECIMAL])
@given(data=st.data())
def test_what_is_shown_can_be_typed_in_again(kind: FieldType, data: st.DataObject) -> None:
    schema = FieldSchema(1, "Field", "Field", kind, choices=_CHOICES)
    value = data.draw(_CANONICAL[kind])
    shown = KINDS[kind].display(value, schema, Names()).replace(", ", ";" if kind == FieldType.MULTIPICKLIST else ", ")
    assert clean_value(shown, schema) == value


def test_several_records_are_named_and_found_from_their_side(org: Org) -> None:
    make_field(org, "Deals", "Partners", FieldType.MULTILOOKUP, lookup="Accounts", label="共同提案先")
    one, two = (make_record(org, "Accounts", Account_Name=name) for name in ("月見坂食品", "海野商会"))
    deal = make_record(org, "Deals", Partners=[one.pk, two.pk, one.pk])
    assert deal.values["Partners"] == [one.pk, two.pk]
    assert set(RecordLookup.objects.filter(record=deal).values_list("target_id", flat=True)) == {one.pk, two.pk}
    client = client_of(make_administrator(org).person)
    page = client.get(reverse("crm_record", args=[org.pk, "Accounts", two.pk])).content.decode()
    assert f"/Deals/{deal.pk}/" in page
    page = client.get(reverse("crm_record", args=[org.pk, "Deals", deal.pk])).content.decode()
    assert "月見坂食品" in page
    assert "海野商会" in page


def test_one_of_several_may_be_deleted_and_the_others_still_change(org: Org) -> None:
    make_field(org, "Deals", "Partners", FieldType.MULTILOOKUP, lookup="Accounts")
    one, two, three = (make_record(org, "Accounts") for _ in range(3))
    deal = make_record(org, "Deals", Partners=[one.pk, two.pk])
    delete_record(one, actor=SYSTEM)
    update_record(deal, values={"Partners": [one.pk, two.pk, three.pk]}, actor=SYSTEM)
    with pytest.raises(InvalidValues):
        make_record(org, "Deals", Partners=[one.pk])
    with pytest.raises(InvalidValues):
        update_record(deal, values={"Partners": [make_record(make_org(), "Accounts").pk]}, actor=SYSTEM)


def test_a_picture_is_taken_in_shown_and_given_only_to_who_sees_the_record(org: Org) -> None:
    make_field(org, "Contacts", "Photo", FieldType.IMAGE)
    access = make_administrator(org)
    client = client_of(access.person)
    sent = {"Last_Name": "相沢", "Photo-file": SimpleUploadedFile("face.png", PNG, "image/png")}
    page = client.post(reverse("crm_record_new", args=[org.pk, "Contacts"]), sent)
    address = page["Location"]
    record_page = client.get(address).content.decode()
    picture = re.search(r'<img class="k-picture" src="([^"]+)"', record_page)
    assert picture
    given_out = client.get(picture[1])
    assert b"".join(given_out.streaming_content) == PNG  # type: ignore[attr-defined]
    assert given_out["Content-Type"] == "image/png"
    blind = make_member(org, permissions=[])
    assert client_of(blind.person).get(picture[1]).status_code == 404


def test_a_file_is_not_lost_when_something_else_in_the_form_is_wrong(org: Org) -> None:
    make_field(org, "Contacts", "Contract", FieldType.FILE)
    client = client_of(make_administrator(org).person)
    address = reverse("crm_record_new", args=[org.pk, "Contacts"])
    page = client.post(address, {"Email": "wrong", "Contract-file": SimpleUploadedFile("見積.pdf", b"%PDF")})
    assert page.status_code == 422
    token = re.search(r'name="Contract" value="([^"]+)"', page.content.decode())
    assert token
    assert "見積.pdf" in page.content.decode()
    done = client.post(address, {"Last_Name": "相沢", "Contract": token[1]})
    assert "見積.pdf" in client.get(done["Location"]).content.decode()


def test_what_only_calls_itself_a_picture_is_refused_beside_the_field(org: Org) -> None:
    make_field(org, "Contacts", "Photo", FieldType.IMAGE)
    client = client_of(make_administrator(org).person)
    sent = {"Last_Name": "相沢", "Photo-file": SimpleUploadedFile("face.png", b"<svg onload=x>", "image/png")}
    page = client.post(reverse("crm_record_new", args=[org.pk, "Contacts"]), sent)
    assert page.status_code == 422
    assert "face.png" in page.content.decode()


def test_nobody_can_name_a_file_that_they_were_not_given(org: Org) -> None:
    make_field(org, "Contacts", "Contract", FieldType.FILE)
    client = client_of(make_administrator(org).person)
    forged = '{"id": 1, "name": "a", "size": 1, "type": "x"}'
    page = client.post(reverse("crm_record_new", args=[org.pk, "Contacts"]), {"Last_Name": "相沢", "Contract": forged})
    assert page.status_code == 422
    with pytest.raises(InvalidValues):
        make_record(org, Contract={"id": 999_999, "name": "a", "size": 1, "type": "x"})


def test_a_formula_follows_its_fields_and_cannot_be_written(org: Org) -> None:
    make_field(org, "Deals", "Net", FieldType.FORMULA, expression="{Amount} * 0.9", returns="decimal", decimals=0)
    deal = make_record(org, "Deals", Amount="1000")
    assert deal.values["Net"] == "900"
    assert update_record(deal, values={"Amount": "2000"}, actor=SYSTEM).values["Net"] == "1800"
    assert "Net" not in update_record(deal, values={"Amount": None}, actor=SYSTEM).values
    with pytest.raises(InvalidValues):
        update_record(deal, values={"Net": "5"}, actor=SYSTEM)


def test_a_formula_whose_field_is_gone_is_empty_and_breaks_nothing(org: Org) -> None:
    make_field(org, "Deals", "Net", FieldType.FORMULA, expression="{Gone} * 2", returns="decimal")
    assert schema_of(org)["Deals"].formulas[0][1] is None
    assert "Net" not in make_record(org, "Deals").values


def test_a_new_record_begins_with_its_defaults(org: Org) -> None:
    make_field(org, "Deals", "Since", FieldType.DATE, default="today")
    make_field(org, "Deals", "Helper", FieldType.OWNER, default="me")
    make_field(org, "Deals", "Rank", FieldType.PICKLIST, choices=["A", "B"], default="B")
    access = make_administrator(org)
    deal = make_record(org, "Deals", actor=access.actor)
    assert (deal.values["Helper"], deal.values["Rank"]) == (access.person.pk, "B")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", deal.values["Since"])
    page = client_of(access.person).get(reverse("crm_record_new", args=[org.pk, "Deals"])).content.decode()
    assert f'value="{deal.values["Since"]}"' in page
