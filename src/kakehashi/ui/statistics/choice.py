"""Which period and which time an address asks for, and the ways to the others."""

from dataclasses import dataclass

from django.http import HttpRequest

from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_lists import query_with

from .periods import Basis, Period
from .words import BASES, PERIODS


@dataclass(frozen=True, slots=True)
class Way:
    """To the same page with another choice."""

    label: Text
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    period: Period
    basis: Basis
    periods: tuple[Way, ...]
    bases: tuple[Way, ...]

    @property
    def period_label(self) -> Text:
        return PERIODS[self.period]


def asked_period(request: HttpRequest) -> Period:
    """What an address does not say, or says wrongly, is the last twelve months."""
    asked = request.GET.get("period", "")
    return Period(asked) if asked in [one.value for one in Period] else Period.LAST_12_MONTHS


def asked_basis(request: HttpRequest) -> Basis | None:
    """None where the address does not say."""
    asked = request.GET.get("basis", "")
    return Basis(asked) if asked in [one.value for one in Basis] else None


def choice_of(request: HttpRequest, period: Period, basis: Basis, *, url: str = "") -> Choice:
    """What is chosen, and the ways to the others below `url`, "" for the present address."""
    return Choice(
        period,
        basis,
        tuple(
            Way(label, f"{url}{query_with(request, period=one.value)}", one == period) for one, label in PERIODS.items()
        ),
        tuple(Way(label, f"{url}{query_with(request, basis=one.value)}", one == basis) for one, label in BASES.items()),
    )
