"""Spec Y3 and contracts §4.4: which types go together, and what may get lost."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.bridge.sides.records import FieldInfo, FieldType
from kakehashi.bridge.sync.compatible import CARRIES, fit, unfilled

DOCS = Path(__file__).parents[3] / "docs" / "field-types.md"
TYPES = [*CARRIES, "owner", "emails", "other"]
pytestmark = pytest.mark.spec("Y3")


def field(kind: FieldType, **more: object) -> FieldInfo:
    return replace(FieldInfo("x", "X", kind), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("crm", "desk", "ways"),
    [
        ("text", "text", {"to_desk", "to_crm"}),
        ("picklist", "text", {"to_desk", "to_crm"}),
        ("currency", "decimal", {"to_desk", "to_crm"}),
        ("date", "text", {"to_desk"}),
        ("multipicklist", "text", {"to_desk"}),
        ("autonumber", "text", {"to_desk"}),
        ("boolean", "text", set()),
        ("email", "phone", set()),
        ("owner", "owner", set()),
        ("other", "other", set()),
    ],
)
def test_types_go_together_or_not(crm: FieldType, desk: FieldType, ways: set[str]) -> None:
    assert set(fit(field(crm), field(desk)).ways) == ways


def test_a_lookup_goes_with_a_lookup_of_the_same_kind_only() -> None:
    account = field("lookup", lookup_module="Accounts")
    assert fit(account, field("lookup", lookup_module="accounts")).is_both_ways
    assert not fit(account, field("lookup", lookup_module="contacts")).is_possible
    assert not fit(field("lookup", lookup_module="Deals"), field("lookup", lookup_module="accounts")).is_possible
    assert not fit(account, field("text")).is_possible


def test_what_may_get_lost_is_told_for_the_ways_that_are_taken() -> None:
    pair = fit(field("textarea"), field("text", max_length=250))
    assert pair.losses("to_desk") == [("to_desk", "lines"), ("to_desk", "too_long")]
    assert pair.losses("to_crm") == []
    assert set(pair.losses("both")) == set(pair.losses("to_desk"))
    assert fit(field("decimal"), field("integer")).losses("both") == [("to_desk", "fraction")]
    assert fit(field("multipicklist"), field("picklist")).losses("to_desk") == [("to_desk", "several")]
    assert fit(field("text", max_length=400), field("text", max_length=250)).losses("to_desk") == [
        ("to_desk", "too_long")
    ]


def test_choices_that_both_spell_alike_are_no_loss() -> None:
    crm = field("picklist", choices=("A", "B"))
    assert fit(crm, field("picklist", choices=("B", "A", "C"))).losses("to_desk") == []
    assert fit(crm, field("picklist", choices=("A", "C"))).losses("to_desk") == [("to_desk", "choice")]


@given(st.sampled_from(TYPES), st.sampled_from(TYPES), st.booleans(), st.booleans())
def test_nothing_is_ever_written_into_a_read_only_field(
    crm: FieldType, desk: FieldType, crm_is_fixed: bool, desk_is_fixed: bool
) -> None:
    ways = fit(field(crm, is_read_only=crm_is_fixed), field(desk, is_read_only=desk_is_fixed)).ways
    assert not (crm_is_fixed and "to_crm" in ways)
    assert not (desk_is_fixed and "to_desk" in ways)


def test_required_fields_that_nothing_fills_are_named() -> None:
    fields = [
        FieldInfo("a", "A", "text", is_required=True),
        FieldInfo("b", "B", "text", is_required=True),
        FieldInfo("c", "C", "text"),
        FieldInfo("d", "D", "autonumber", is_required=True, is_read_only=True),
    ]
    assert [one.api_name for one in unfilled(fields, frozenset(["a"]))] == ["b"]


def test_the_page_in_docs_says_what_the_rule_says() -> None:
    words = {"as it is": "", "must fit": "must_fit"}
    rows = re.findall(r"^\| (\w+) \| (\w+) \| ([\w ]+) \|$", DOCS.read_text(), re.MULTILINE)
    told: dict[str, dict[str, str]] = {}
    for source, target, loss in rows:
        told.setdefault(source, {})[target] = words.get(loss, loss)
    assert told == CARRIES
