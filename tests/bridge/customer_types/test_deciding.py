"""In which column a customer stands, without a database."""

from dataclasses import dataclass

import pytest

from kakehashi.bridge.customer_types.deciding import Known, column_of


@dataclass(frozen=True)
class Column:
    pk: int
    about: str


DEALS, WON, KNOWN, REST = Column(1, "Deals"), Column(2, "Deals"), Column(3, "known"), Column(4, "rest")


@pytest.mark.spec("X6")
@pytest.mark.parametrize(
    ("records", "column"),
    [
        ({}, REST),
        ({"Contacts": frozenset(), "Deals": frozenset()}, REST),
        ({"Leads": frozenset({7})}, KNOWN),
        ({"Accounts": frozenset({7}), "Deals": frozenset({30})}, KNOWN),  # only a lost deal
        ({"Contacts": frozenset({7}), "Deals": frozenset({20})}, WON),
        ({"Contacts": frozenset({7}), "Deals": frozenset({10, 20})}, DEALS),  # an open deal goes before a won one
    ],
)
def test_a_customer_stands_in_the_first_column_that_fits(records: dict[str, frozenset[int]], column: Column) -> None:
    fitting = {DEALS.pk: {10, 11}, WON.pk: {20}}
    assert column_of([DEALS, WON, KNOWN, REST], Known(records), fitting) == column.pk


def test_without_a_column_for_everybody_else_nobody_is_put_anywhere() -> None:
    assert column_of([DEALS], Known(), {}) is None
