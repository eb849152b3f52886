"""Modules and fields change while the product runs, and no value is ever lost by it."""

from typing import Any

import pytest
from django.urls import get_resolver

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues, NotFound, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.customise.choices import ChoiceRow, arranged, dropped
from kakehashi.crm.customise.fields import FieldDraft, change_field, change_type, create_field, place_field
from kakehashi.crm.customise.leaving import FieldStays, hide_field, purge_field, put_back_field, remove_field
from kakehashi.crm.customise.modules import create_module, order_modules, purge_module, put_back_module, remove_module
from kakehashi.crm.customise.naming import module_name_problem, suggested_name
from kakehashi.crm.customise.sections import add_section, order_sections, remove_section, rename_section, sections_of
from kakehashi.crm.modules.models import Field, Module
from kakehashi.crm.modules.queries import find_module, schema_of
from kakehashi.crm.modules.standard import STANDARD_MODULES
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import create_record, update_record
from kakehashi.crm.records.models import Record, RecordKey, RecordLookup
from tests.makers.crm import make_record
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db


def make_site_module(org: Org) -> Module:
    return create_module(org, singular="現場", plural="Sites 現場", actor=SYSTEM)


def add(module: Module, label: str, kind: FieldType = FieldType.TEXT, **more: Any) -> Field:
    rules = {name: more.pop(name) for name in list(more) if name in ("is_required", "is_unique", "accepts_gaps")}
    draft = FieldDraft(label, options=more, **rules)
    return create_field(module, draft=draft, kind=kind, section="main", actor=SYSTEM)


def draft_of(field: Field, **more: Any) -> FieldDraft:
    return FieldDraft(**{"label": field.label, "is_required": field.is_required, "is_unique": field.is_unique,
                         "options": field.options, **more})  # fmt: skip


def site(module: Module, **values: Any) -> Record:
    return create_record(module, values={"Name": "月見坂", **values}, actor=SYSTEM)


def live(org: Org) -> Org:
    org.refresh_from_db()
    return org


def test_a_new_module_works_at_once_and_is_told(org: Org) -> None:
    module = make_site_module(org)
    assert module.api_name == "Sites"
    assert next(str(field.label) for field in schema_of(live(org))["Sites"].fields.values()) == "現場名"
    record = site(module)
    assert record.name == "月見坂"
    event = Event.objects.get(topic="crm.module.created")
    assert (event.kind, event.subject_id, event.data["label"]) == ("crm.module", module.pk, "Sites 現場")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Sites 現場", "Sites"),
        ("現場", "Module1"),
        ("ＴＬ機器 list", "TL_List"),
        ("2nd sites", "Nd_Sites"),
        ("site", "Site"),
    ],
)
def test_a_name_is_made_from_what_latin_letters_there_are(label: str, name: str) -> None:
    assert suggested_name(label, set(), fallback="Module") == name
    assert suggested_name(label, {name.lower()}, fallback="Module") != name


@pytest.mark.parametrize(
    "name", ["search", "Search", "IMPORTS", "Settings", "9lives", "a b", "現場", "", "accounts", "Accounts"]
)
def test_a_module_cannot_hide_a_page_of_ours_or_another_module(org: Org, name: str) -> None:
    with pytest.raises(InvalidValues):
        create_module(org, singular="x", plural="x", api_name=name or "_", actor=SYSTEM)


def test_our_own_pages_never_begin_with_a_capital_letter() -> None:
    """So that a module, which always does, can never stand in the way of one, whatever pages come later."""
    prefix = "crm/<int:org_id>/"
    routes = [route for route in map(str, _routes(get_resolver(), "")) if route.startswith(prefix)]
    firsts = {route.removeprefix(prefix).split("/")[0] for route in routes} - {
        "<str:module_name>",
        "",
        *STANDARD_MODULES,
    }
    assert len(firsts) > 3
    assert all(first == first.lower() and module_name_problem(first, ()) for first in firsts)


def _routes(resolver: Any, prefix: str) -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        found += _routes(pattern, route) if hasattr(pattern, "url_patterns") else [route]
    return found


def test_a_removed_module_keeps_its_records_and_brings_back_what_named_them(org: Org) -> None:
    module = make_site_module(org)
    deals = find_module(org, "Deals")
    add(deals, "Site", FieldType.LOOKUP, lookup="Sites")
    record = site(module)
    deal = make_record(org, "Deals", Site=record.pk)
    remove_module(module, actor=SYSTEM)
    assert "Sites" not in schema_of(live(org))
    assert "Site" not in schema_of(org)["Deals"].fields
    update_record(deal, values={"Next_Step": "call"}, actor=SYSTEM)
    run_jobs()
    put_back_module(module, actor=SYSTEM)
    run_jobs()
    deal.refresh_from_db()
    assert (deal.values["Site"], RecordLookup.objects.get(record=deal).target_id) == (record.pk, record.pk)
    assert schema_of(live(org))["Sites"].fields


def test_a_purged_module_is_gone_with_all_its_records(org: Org) -> None:
    module = make_site_module(org)
    for number in range(3):
        site(module, Name=f"現場 {number}")
    purge_module(module, actor=SYSTEM)
    run_jobs()
    assert Record.objects.filter(module=module).count() == 3  # only what was removed first can be purged
    remove_module(module, actor=SYSTEM)
    purge_module(module, actor=SYSTEM)
    put_back_module(module, actor=SYSTEM)
    run_jobs()
    assert not Module.objects.filter(pk=module.pk).exists()
    assert not Record.objects.filter(module_id=module.pk).exists()


def test_tabs_stand_in_the_order_that_was_chosen(org: Org) -> None:
    modules = list(Module.objects.filter(org=org).order_by("position"))
    order_modules(org, module_ids=[modules[2].pk], actor=SYSTEM)
    names = [module.api_name for module in schema_of(live(org))]
    assert names == [modules[2].api_name, *[one.api_name for one in modules if one != modules[2]]]


def test_a_removed_field_keeps_its_values_until_it_is_purged(org: Org) -> None:
    module = make_site_module(org)
    field = add(module, "Contact mail", FieldType.EMAIL, is_unique=True)
    record = site(module, Contact_Mail="a@example.com")
    remove_field(field, actor=SYSTEM)
    assert not RecordKey.objects.filter(field="Contact_Mail").exists()
    with pytest.raises(InvalidValues):
        update_record(record, values={"Contact_Mail": "b@example.com"}, actor=SYSTEM)
    update_record(record, values={"Name": "海野"}, actor=SYSTEM)
    run_jobs()
    put_back_field(field, actor=SYSTEM)
    run_jobs()
    record.refresh_from_db()
    assert record.values["Contact_Mail"] == "a@example.com"
    assert RecordKey.objects.get(field="Contact_Mail", is_unique=True).record_id == record.pk
    remove_field(field, actor=SYSTEM)
    purge_field(field, actor=SYSTEM)
    record.refresh_from_db()
    assert "Contact_Mail" not in record.values
    assert not Field.objects.filter(pk=field.pk).exists()


def test_a_standard_field_cannot_be_removed_nor_a_mandatory_one_made_optional(org: Org) -> None:
    name = Field.objects.get(org=org, module__api_name="Accounts", api_name="Account_Name")
    with pytest.raises(FieldStays):
        remove_field(name, actor=SYSTEM)
    with pytest.raises(InvalidValues):
        hide_field(name, actor=SYSTEM)
    assert change_field(name, draft=draft_of(name, is_required=False), actor=SYSTEM).is_required


def test_unique_is_refused_while_two_records_share_a_value_and_holds_from_then_on(org: Org) -> None:
    module = make_site_module(org)
    field = add(module, "Code")
    one, two = site(module, Code="A-1"), site(module, Code="ａ-1")
    with pytest.raises(InvalidValues) as refused:
        change_field(field, draft=draft_of(field, is_unique=True), actor=SYSTEM)
    assert "2" in str(refused.value.by_field["is_unique"])
    update_record(two, values={"Code": "B"}, actor=SYSTEM)
    change_field(field, draft=draft_of(field, is_unique=True), actor=SYSTEM)
    with pytest.raises(InvalidValues) as taken:
        site(module, Code="a-1")
    assert one.name in str(taken.value.by_field["Code"])


def test_required_says_how_many_records_have_nothing_there(org: Org) -> None:
    module = make_site_module(org)
    field = add(module, "Code")
    site(module)
    with pytest.raises(InvalidValues) as refused:
        change_field(field, draft=draft_of(field, is_required=True), actor=SYSTEM)
    assert "1" in str(refused.value.by_field["is_required"])
    change_field(field, draft=draft_of(field, is_required=True, accepts_gaps=True), actor=SYSTEM)
    with pytest.raises(InvalidValues):
        site(module)


def test_a_renamed_choice_keeps_what_is_stored(org: Org) -> None:
    module = make_site_module(org)
    field = add(
        module, "Rank", FieldType.PICKLIST, choices=arranged([ChoiceRow("", "高"), ChoiceRow("", "低")], [], {})
    )
    record = site(module, Rank="高")
    entries = arranged([ChoiceRow("高", "とても高い", "red"), ChoiceRow("低", "低")], field.options["choices"], {})
    field = change_field(field, draft=draft_of(field, options={"choices": entries}), actor=SYSTEM)
    record.refresh_from_db()
    assert record.values["Rank"] == "高"
    rank = schema_of(live(org))["Sites"].fields["Rank"]
    assert (rank.label_of("高"), rank.choices[0].tone) == ("とても高い", "red")


def test_a_deleted_choice_that_is_in_use_needs_a_replacement_which_every_record_gets(org: Org) -> None:
    module = make_site_module(org)
    field = add(module, "Rank", FieldType.PICKLIST, choices=[{"value": "高"}, {"value": "低"}])
    record = site(module, Rank="高")
    left = {"choices": [{"value": "低"}]}
    assert dropped(left["choices"], field.options["choices"]) == ["高"]
    with pytest.raises(InvalidValues):
        change_field(field, draft=draft_of(field, options=left), actor=SYSTEM)
    change_field(field, draft=draft_of(field, options=left, replacements={"高": "低"}), actor=SYSTEM)
    run_jobs()
    record.refresh_from_db()
    field.refresh_from_db()
    assert (record.values["Rank"], field.options["choices"]) == ("低", [{"value": "低"}])
    assert Event.objects.filter(kind="crm.record", subject_id=record.pk, topic="crm.record.updated").exists()


def test_a_retired_choice_stays_where_it_is_and_is_not_offered(org: Org) -> None:
    module = make_site_module(org)
    add(module, "Rank", FieldType.PICKLIST, choices=[{"value": "高", "is_retired": True}, {"value": "低"}])
    record = site(module, Rank="高")
    assert update_record(record, values={"Rank": "高", "Name": "海野"}, actor=SYSTEM).values["Rank"] == "高"
    assert [choice.value for choice in schema_of(live(org))["Sites"].fields["Rank"].choices] == ["低"]


@pytest.mark.parametrize(
    ("kind", "options", "value", "to", "becomes"),
    [
        (FieldType.INTEGER, {}, 5, FieldType.DECIMAL, "5"),
        (FieldType.TEXT, {}, "a", FieldType.TEXTAREA, "a"),
        (FieldType.PICKLIST, {"choices": [{"value": "A", "label": "甲"}]}, "A", FieldType.TEXT, "甲"),
        (FieldType.PICKLIST, {"choices": [{"value": "A"}]}, "A", FieldType.MULTIPICKLIST, ["A"]),
        (FieldType.DATE, {}, "2026-11-19", FieldType.TEXT, "2026-11-19"),
    ],
)
def test_a_type_changes_where_nothing_is_lost(
    org: Org, kind: FieldType, options: dict[str, Any], value: Any, to: FieldType, becomes: Any
) -> None:
    module = make_site_module(org)
    field = add(module, "Thing", kind, **options)
    record = site(module, Thing=value)
    change_type(field, to=to, actor=SYSTEM)
    run_jobs()
    record.refresh_from_db()
    assert record.values["Thing"] == becomes
    assert update_record(record, values={"Thing": becomes, "Name": "海野"}, actor=SYSTEM).values["Thing"] == becomes


def test_a_type_change_that_would_lose_something_is_refused(org: Org) -> None:
    field = add(make_site_module(org), "Thing", FieldType.TEXT)
    with pytest.raises(InvalidValues):
        change_type(field, to=FieldType.INTEGER, actor=SYSTEM)


def test_a_changed_formula_is_found_out_again_for_every_record(org: Org) -> None:
    module = make_site_module(org)
    add(module, "Area", FieldType.INTEGER)
    record = site(module, Area=4)
    field = add(module, "Price", FieldType.FORMULA, expression="{Area} * 2", returns="decimal")
    run_jobs()
    record.refresh_from_db()
    assert record.values["Price"] == "8"
    options = {**field.options, "expression": "{Area} * 3"}
    change_field(field, draft=draft_of(field, options=options), actor=SYSTEM)
    run_jobs()
    record.refresh_from_db()
    assert record.values["Price"] == "12"
    changes = Event.objects.filter(kind="crm.record", subject_id=record.pk).latest("id").data["changes"]
    assert changes == {"Price": ["8", "12"]}


def test_records_that_were_there_get_their_numbers_oldest_first(org: Org) -> None:
    module = make_site_module(org)
    first, second = site(module), site(module)
    draft = FieldDraft("Number", options={"prefix": "S-", "digits": 3})
    create_field(module, draft=draft, kind=FieldType.AUTONUMBER, section="main", start=7, actor=SYSTEM)
    run_jobs()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.values["Number"], second.values["Number"]) == ("S-007", "S-008")
    assert site(module).values["Number"] == "S-009"


def test_two_administrators_do_not_overwrite_each_other(org: Org) -> None:
    field = add(make_site_module(org), "Code")
    change_field(field, draft=draft_of(field, label="番号"), version=1, actor=SYSTEM)
    with pytest.raises(StaleVersion):
        change_field(field, draft=draft_of(field, label="コード"), version=1, actor=SYSTEM)


def test_a_writer_with_an_old_schema_obeys_the_new_rules(org: Org) -> None:
    module = make_site_module(org)
    old = schema_of(live(org))["Sites"]
    add(module, "Code", is_required=True, accepts_gaps=True)
    with pytest.raises(InvalidValues):
        create_record(old, values={"Name": "x"}, actor=SYSTEM)


def test_fields_and_sections_stand_where_they_were_put(org: Org) -> None:
    module = make_site_module(org)
    one, two = add(module, "One"), add(module, "Two")
    place_field(two, section="main", before=one, actor=SYSTEM)
    add_section(module, label="契約", actor=SYSTEM)
    place_field(one, section="section_1", before=None, actor=SYSTEM)
    module.refresh_from_db()
    order_sections(module, keys=["section_1"], actor=SYSTEM)
    rename_section(module, key="main", label="基本", actor=SYSTEM)
    sections = schema_of(live(org))["Sites"].sections
    assert [(str(one.label), [field.api_name for field in one.fields]) for one in sections] == [
        ("契約", ["One"]),
        ("基本", ["Name", "Owner", "Two"]),
    ]
    with pytest.raises(InvalidValues):
        remove_section(module, key="section_1", actor=SYSTEM)
    remove_field(one, actor=SYSTEM)
    remove_section(module, key="section_1", actor=SYSTEM)
    module.refresh_from_db()
    assert [section["key"] for section in sections_of(module)] == ["main"]
    with pytest.raises(NotFound):
        rename_section(module, key="gone", label="x", actor=SYSTEM)
