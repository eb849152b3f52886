from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.bridge.sync.values import common, keep, revive


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("相沢", "text"),
        (Decimal("4860000.5"), "currency"),
        (3, "integer"),
        (date(2026, 11, 19), "date"),
        (datetime(2026, 11, 19, 8, 44, tzinfo=UTC), "datetime"),
        (["a", "b"], "multipicklist"),
        (True, "boolean"),
        (17, "lookup"),
    ],
)
def test_a_value_comes_back_as_it_was_kept(value: object, type_: str) -> None:
    assert revive(keep(value), type_) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("empty", [None, "", []])
def test_all_kinds_of_empty_are_one(empty: object) -> None:
    assert keep(empty) is None


@pytest.mark.parametrize(
    ("one", "other", "type_"),
    [
        ("0258-00-1147", "+81258001147", "phone"),
        ("Misaki@Example.com", "misaki@example.com", "email"),
        ("4860000", "4860000.00", "currency"),
        ("2026-11-19T08:44:00+00:00", "2026-11-19T08:44:00.123456+00:00", "datetime"),
        ("月見坂  食品", "月見坂 食品 ", "text"),
    ],
)
def test_another_spelling_is_no_difference(one: str, other: str, type_: str) -> None:
    assert common(one, type_) == common(other, type_)  # type: ignore[arg-type]


@pytest.mark.parametrize("type_", ["email", "phone", "currency"])
def test_two_values_that_are_none_of_their_type_still_differ(type_: str) -> None:
    assert common("abc", type_) != common("xyz", type_)  # type: ignore[arg-type]


@given(
    st.text(max_size=20), st.sampled_from(["text", "email", "phone", "integer", "decimal", "date", "datetime", "url"])
)
def test_no_text_breaks_any_type(text: str, type_: str) -> None:
    kept = keep(text)
    common(kept, type_)  # type: ignore[arg-type]
    revive(kept, type_)  # type: ignore[arg-type]
