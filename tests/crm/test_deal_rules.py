"""What follows from a deal's stage."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.deals.rules import follow_stage
from kakehashi.crm.deals.stages import StageType, is_lost, is_open, is_won, stages_of
from kakehashi.crm.modules.schema import ModuleSchema, Section
from kakehashi.crm.modules.standard.deals import STAGES

OPEN = ["Qualification", "Negotiation/Review", "Trial"]
CLOSED = ["Closed Won", "Closed Lost"]


def deals(*, currency: str = "JPY", **trial: Any) -> ModuleSchema:
    """The standard stages and one of the org's own."""
    choices = [Choice(value, label) for value, label in STAGES]
    choices.append(Choice("Trial", "Trial", {"probability": 35, **trial}))
    fields = (
        FieldSchema(1, "Stage", "Stage", FieldType.PICKLIST, choices=tuple(choices)),
        FieldSchema(2, "Amount", "Amount", FieldType.CURRENCY),
        FieldSchema(3, "Probability", "Probability", FieldType.PERCENT),
        FieldSchema(4, "Expected_Revenue", "Expected revenue", FieldType.CURRENCY, is_read_only=True),
    )
    section = Section("main", "Deal", fields)
    return ModuleSchema(
        1, 1, "Deals", "Deal", "Deals", "x", False, True, (section,), ("Deal_Name",), (), "ja", currency
    )


def write(module: ModuleSchema, before: dict[str, Any], **typed: Any) -> dict[str, Any]:
    values = {name: value for name, value in {**before, **typed}.items() if value is not None}
    follow_stage(values, before, typed, module)
    return values


def test_the_stage_gives_the_probability_and_the_revenue_follows() -> None:
    deal = write(deals(), {}, Stage="Qualification", Amount="4860000")
    assert (deal["Probability"], deal["Expected_Revenue"]) == ("10", "486000")
    deal = write(deals(), deal, Stage="Negotiation/Review")
    assert (deal["Probability"], deal["Expected_Revenue"]) == ("90", "4374000")


def test_ones_own_probability_stays_until_the_deal_moves() -> None:
    deal = write(deals(), {}, Stage="Qualification", Amount="1000", Probability="45")
    assert write(deals(), deal, Amount="2000")["Expected_Revenue"] == "900"
    assert write(deals(), deal, Stage="Trial")["Probability"] == "35"
    assert write(deals(), deal, Stage="Trial", Probability="50")["Probability"] == "50"


def test_an_emptied_probability_is_the_stages_again() -> None:
    deal = write(deals(), {}, Stage="Qualification", Probability="45")
    assert write(deals(), deal, Probability=None)["Probability"] == "10"


def test_an_orgs_own_stage_says_of_itself_whether_it_is_won() -> None:
    module = deals(forecast_type="Closed Won")
    assert is_won(module, "Trial")
    assert not is_open(module, "Trial")
    assert not is_won(deals(), "Trial")
    assert is_lost(module, "Closed Lost to Competition")


def test_a_stage_that_is_unknown_counts_as_open_and_is_left_alone() -> None:
    assert is_open(deals(), "Somewhere")
    assert "Probability" not in write(deals(), {}, Stage="Somewhere", Amount="5")


def test_revenue_is_rounded_to_the_smallest_coin() -> None:
    assert write(deals(), {}, Stage="Trial", Amount="333")["Expected_Revenue"] == "117"
    assert write(deals(currency="USD"), {}, Stage="Trial", Amount="333.33")["Expected_Revenue"] == "116.67"


@pytest.mark.parametrize("kind", list(StageType))
def test_every_stage_type_is_one_of_three(kind: StageType) -> None:
    stage = stages_of(deals(forecast_type=kind.value))[-1]
    assert [stage.is_open, stage.is_won, stage.is_lost].count(True) == 1


moves = some.lists(
    some.fixed_dictionaries(
        {},
        optional={
            "Stage": some.sampled_from([*OPEN, *CLOSED]),
            "Probability": some.one_of(some.none(), some.integers(0, 100).map(str)),
            "Amount": some.one_of(some.none(), some.integers(0, 10**9).map(str)),
        },
    ),
    max_size=6,
)


@given(moves)
def test_whatever_is_done_to_a_deal_its_figures_agree(history: list[dict[str, Any]]) -> None:
    module = deals()
    deal = write(module, {}, Stage="Qualification")
    for typed in history:
        moved = typed.get("Stage") not in (None, deal["Stage"])
        deal = write(module, deal, **typed)
        stage = next(stage for stage in stages_of(module) if stage.value == deal["Stage"])
        if not stage.is_open or (moved and typed.get("Probability") is None):
            assert deal["Probability"] == str(stage.probability)
        if "Amount" in deal:
            exact = Decimal(deal["Amount"]) * Decimal(deal["Probability"]) / 100
            assert abs(Decimal(deal["Expected_Revenue"]) - exact) <= Decimal("0.5")
        else:
            assert "Expected_Revenue" not in deal
        assert write(module, deal) == deal, "writing nothing changes nothing"
