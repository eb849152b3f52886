"""Tickets that a newcomer should find: one of each state, on the customers that the product's pictures show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """`company` is a company's number (its first contact asks), or below zero counts the contacts abroad. With
    `is_strangers` it counts the people whom the CRM does not know yet.

    The last thing said is turn `turns` of the story, `minutes_ago`. With `late_minutes` it was due that long ago.
    """

    story: str
    company: int
    turns: int
    minutes_ago: int
    late_minutes: int = 0
    is_strangers: bool = False


PINNED = (
    Pin("logger-drops-out", 1, 4, 12, late_minutes=130),
    Pin("certificate-again", 1, 1, 64),
    Pin("old-name-on-invoice", 1, 4, 1_110),
    Pin("mail-reaches-some", 1, 4, 185, late_minutes=1_450),
    Pin("vehicle-swap", 2, 1, 38),
    Pin("add-recipients", 2, 2, 240),
    Pin("calibration-interval", 3, 1, 330),
    Pin("clock-drifts", 4, 2, 1_500),
    Pin("invoice-name-estimate", 5, 3, 95),
    Pin("api-authentication", 6, 4, 130),
    Pin("cannot-sign-in", 7, 1, 55),
    Pin("trade-show-demo", 8, 1, 410),
    Pin("alerts-missing", -3, 3, 26, late_minutes=95),
    Pin("api-limits", -9, 3, 75),
    Pin("customs", -14, 3, 300),
    Pin("wireless-range-inquiry", 0, 1, 45, is_strangers=True),
    Pin("send-catalogue", 1, 1, 190, is_strangers=True),
    Pin("school-discount", 2, 1, 820, is_strangers=True),
)
