"""From when to when "last week" is. Pure: days in, days out; a window is half open, and None is no end."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from .operators import Operator

Window = tuple[date | None, date | None]
_DAY = timedelta(days=1)


def window_of(operator: Operator, values: Sequence[str], today: date, fiscal_month: int = 1) -> Window:
    """The days that an operator means, seen from `today`. Weeks begin on Monday, fiscal years on the first of `fiscal_month`."""
    if operator in _FISCAL_STEPS:
        months, step = _FISCAL_STEPS[operator]
        return _fiscal(today, fiscal_month, months, step), _fiscal(today, fiscal_month, months, step + 1)
    if operator in _STEPS:
        start_of, step = _STEPS[operator]
        return start_of(today, step), start_of(today, step + 1)
    if operator == Operator.LAST_DAYS:
        return _moved(today, 1 - int(values[0])), _moved(today, 1)
    if operator == Operator.NEXT_DAYS:
        return today, _moved(today, int(values[0]))
    return _open_window(operator, [date.fromisoformat(value) for value in values] or [today])


def _open_window(operator: Operator, days: Sequence[date]) -> Window:
    if operator in (Operator.PAST, Operator.BEFORE):
        return None, days[0]
    if operator in (Operator.FUTURE, Operator.AFTER):
        return _moved(days[0], 1), None
    return days[0], _moved(days[-1], 1)


def _day(today: date, step: int) -> date:
    return _moved(today, step)


def _week(today: date, step: int) -> date:
    return _moved(today, 7 * step - today.weekday())


def _month(today: date, step: int) -> date:
    return _months(today.year * 12 + today.month - 1 + step)


def _quarter(today: date, step: int) -> date:
    return _months(today.year * 12 + (today.month - 1) // 3 * 3 + 3 * step)


def _year(today: date, step: int) -> date:
    return _months((today.year + step) * 12)


def _fiscal(today: date, fiscal_month: int, months: int, step: int) -> date:
    """The first day of a stretch of so many months of the fiscal year, `step` stretches away from the one that holds `today`."""
    count = today.year * 12 + today.month - 1
    return _months(count - (count - fiscal_month + 1) % months + step * months)


def _months(count: int) -> date:
    year, month = divmod(count, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else date.max


def _moved(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


_STEPS: dict[Operator, tuple[Callable[[date, int], date], int]] = {
    Operator.YESTERDAY: (_day, -1),
    Operator.TODAY: (_day, 0),
    Operator.TOMORROW: (_day, 1),
    Operator.LAST_WEEK: (_week, -1),
    Operator.THIS_WEEK: (_week, 0),
    Operator.NEXT_WEEK: (_week, 1),
    Operator.LAST_MONTH: (_month, -1),
    Operator.THIS_MONTH: (_month, 0),
    Operator.NEXT_MONTH: (_month, 1),
    Operator.LAST_QUARTER: (_quarter, -1),
    Operator.THIS_QUARTER: (_quarter, 0),
    Operator.NEXT_QUARTER: (_quarter, 1),
    Operator.LAST_YEAR: (_year, -1),
    Operator.THIS_YEAR: (_year, 0),
    Operator.NEXT_YEAR: (_year, 1),
}
_FISCAL_STEPS: dict[Operator, tuple[int, int]] = {
    Operator.LAST_FISCAL_QUARTER: (3, -1),
    Operator.THIS_FISCAL_QUARTER: (3, 0),
    Operator.NEXT_FISCAL_QUARTER: (3, 1),
    Operator.LAST_FISCAL_YEAR: (12, -1),
    Operator.THIS_FISCAL_YEAR: (12, 0),
    Operator.NEXT_FISCAL_YEAR: (12, 1),
}
