"""What can be asked of a value, by the family of its type."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text


class Family(StrEnum):
    """Field types that are asked alike."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LINK = "link"
    LINKS = "links"
    PERSON = "person"
    TAGS = "tags"
    PRESENCE = "presence"


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    STARTS = "starts"
    ENDS = "ends"
    EQUALS = "eq"
    DIFFERS = "ne"
    LESS = "lt"
    AT_MOST = "le"
    MORE = "gt"
    AT_LEAST = "ge"
    BETWEEN = "between"
    ON = "on"
    BEFORE = "before"
    AFTER = "after"
    PAST = "past"
    FUTURE = "future"
    TODAY = "today"
    YESTERDAY = "yesterday"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    NEXT_MONTH = "next_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    NEXT_QUARTER = "next_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    NEXT_YEAR = "next_year"
    THIS_FISCAL_QUARTER = "this_fiscal_quarter"
    LAST_FISCAL_QUARTER = "last_fiscal_quarter"
    NEXT_FISCAL_QUARTER = "next_fiscal_quarter"
    THIS_FISCAL_YEAR = "this_fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"
    NEXT_FISCAL_YEAR = "next_fiscal_year"
    LAST_DAYS = "last_days"
    NEXT_DAYS = "next_days"
    YES = "yes"
    NO = "no"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    ALL_OF = "all_of"
    EMPTY = "empty"
    FILLED = "filled"


class Shape(StrEnum):
    """What a person has to give with an operator."""

    NONE = "none"
    ONE = "one"
    TWO = "two"
    DAYS = "days"
    MANY = "many"


_PRESENCE = (Operator.EMPTY, Operator.FILLED)
_DATES = (
    Operator.ON, Operator.BEFORE, Operator.AFTER, Operator.BETWEEN, Operator.PAST, Operator.FUTURE, Operator.TODAY, Operator.YESTERDAY, Operator.TOMORROW,
    Operator.THIS_WEEK, Operator.LAST_WEEK, Operator.NEXT_WEEK, Operator.THIS_MONTH, Operator.LAST_MONTH, Operator.NEXT_MONTH,
    Operator.THIS_QUARTER, Operator.LAST_QUARTER, Operator.NEXT_QUARTER, Operator.THIS_YEAR, Operator.LAST_YEAR,
    Operator.NEXT_YEAR, Operator.THIS_FISCAL_QUARTER, Operator.LAST_FISCAL_QUARTER, Operator.NEXT_FISCAL_QUARTER,
    Operator.THIS_FISCAL_YEAR, Operator.LAST_FISCAL_YEAR, Operator.NEXT_FISCAL_YEAR, Operator.LAST_DAYS, Operator.NEXT_DAYS, *_PRESENCE,
)  # fmt: skip

OPERATORS: dict[Family, tuple[Operator, ...]] = {
    Family.TEXT: (
        Operator.CONTAINS, Operator.CONTAINS_NOT, Operator.IS, Operator.IS_NOT, Operator.STARTS, Operator.ENDS, *_PRESENCE,
    ),
    Family.NUMBER: (
        Operator.EQUALS, Operator.DIFFERS, Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST,
        Operator.BETWEEN, *_PRESENCE,
    ),
    Family.DATE: _DATES,
    Family.MOMENT: _DATES,
    Family.YES_NO: (Operator.YES, Operator.NO),
    Family.CHOICE: (Operator.ANY_OF, Operator.NONE_OF, *_PRESENCE),
    Family.CHOICES: (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, *_PRESENCE),
    Family.LINK: (Operator.ANY_OF, Operator.NONE_OF, *_PRESENCE),
    Family.LINKS: (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, *_PRESENCE),
    Family.PERSON: (Operator.ANY_OF, Operator.NONE_OF, *_PRESENCE),
    Family.TAGS: (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, Operator.FILLED, Operator.EMPTY),
    Family.PRESENCE: (Operator.FILLED, Operator.EMPTY),
}  # fmt: skip

_SHAPES = {
    **dict.fromkeys((Operator.ANY_OF, Operator.NONE_OF, Operator.ALL_OF), Shape.MANY),
    **dict.fromkeys((Operator.LAST_DAYS, Operator.NEXT_DAYS), Shape.DAYS),
    Operator.BETWEEN: Shape.TWO,
    **dict.fromkeys(
        (
            Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.CONTAINS_NOT, Operator.STARTS, Operator.ENDS,
            Operator.EQUALS, Operator.DIFFERS, Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST,
            Operator.ON, Operator.BEFORE, Operator.AFTER,
        ),
        Shape.ONE,
    ),
}  # fmt: skip

_LABELS: dict[Operator, Text] = {
    Operator.IS: pgettext_lazy("filter", "is"),
    Operator.IS_NOT: pgettext_lazy("filter", "is not"),
    Operator.CONTAINS: pgettext_lazy("filter", "contains"),
    Operator.CONTAINS_NOT: pgettext_lazy("filter", "does not contain"),
    Operator.STARTS: pgettext_lazy("filter", "starts with"),
    Operator.ENDS: pgettext_lazy("filter", "ends with"),
    Operator.EQUALS: pgettext_lazy("filter", "= equal to"),
    Operator.DIFFERS: pgettext_lazy("filter", "≠ not equal to"),
    Operator.LESS: pgettext_lazy("filter", "< less than"),
    Operator.AT_MOST: pgettext_lazy("filter", "≤ at most"),
    Operator.MORE: pgettext_lazy("filter", "> more than"),
    Operator.AT_LEAST: pgettext_lazy("filter", "≥ at least"),
    Operator.BETWEEN: pgettext_lazy("filter", "between"),
    Operator.ON: pgettext_lazy("filter", "on"),
    Operator.BEFORE: pgettext_lazy("filter", "before"),
    Operator.AFTER: pgettext_lazy("filter", "after"),
    Operator.PAST: pgettext_lazy("filter", "before today"),
    Operator.FUTURE: pgettext_lazy("filter", "after today"),
    Operator.TODAY: pgettext_lazy("filter", "today"),
    Operator.YESTERDAY: pgettext_lazy("filter", "yesterday"),
    Operator.TOMORROW: pgettext_lazy("filter", "tomorrow"),
    Operator.THIS_WEEK: _("this week"),
    Operator.LAST_WEEK: _("last week"),
    Operator.NEXT_WEEK: _("next week"),
    Operator.THIS_MONTH: _("this month"),
    Operator.LAST_MONTH: _("last month"),
    Operator.NEXT_MONTH: _("next month"),
    Operator.THIS_QUARTER: _("this quarter"),
    Operator.LAST_QUARTER: _("last quarter"),
    Operator.NEXT_QUARTER: _("next quarter"),
    Operator.THIS_YEAR: _("this year"),
    Operator.LAST_YEAR: _("last year"),
    Operator.NEXT_YEAR: _("next year"),
    Operator.THIS_FISCAL_QUARTER: _("this fiscal quarter"),
    Operator.LAST_FISCAL_QUARTER: _("last fiscal quarter"),
    Operator.NEXT_FISCAL_QUARTER: _("next fiscal quarter"),
    Operator.THIS_FISCAL_YEAR: _("this fiscal year"),
    Operator.LAST_FISCAL_YEAR: _("last fiscal year"),
    Operator.NEXT_FISCAL_YEAR: _("next fiscal year"),
    Operator.LAST_DAYS: _("in the last … days"),
    Operator.NEXT_DAYS: _("in the next … days"),
    Operator.YES: pgettext_lazy("filter", "is checked"),
    Operator.NO: pgettext_lazy("filter", "is not checked"),
    Operator.ANY_OF: pgettext_lazy("filter", "is any of"),
    Operator.NONE_OF: pgettext_lazy("filter", "is none of"),
    Operator.ALL_OF: pgettext_lazy("filter", "has all of"),
    Operator.EMPTY: pgettext_lazy("filter", "is empty"),
    Operator.FILLED: pgettext_lazy("filter", "is not empty"),
}
_LABELS_OF_SEVERAL: dict[Operator, Text] = {
    Operator.ANY_OF: pgettext_lazy("filter", "has any of"),
    Operator.NONE_OF: pgettext_lazy("filter", "has none of"),
}
_LABELS_OF_TAGS: dict[Operator, Text] = {
    **_LABELS_OF_SEVERAL,
    Operator.FILLED: pgettext_lazy("filter", "has any tag"),
    Operator.EMPTY: pgettext_lazy("filter", "has no tag"),
}


def shape_of(operator: Operator) -> Shape:
    return _SHAPES.get(operator, Shape.NONE)


def label_of(operator: Operator, family: Family) -> Text:
    """The operator in words, for a menu."""
    if family == Family.TAGS and operator in _LABELS_OF_TAGS:
        return _LABELS_OF_TAGS[operator]
    if family in (Family.CHOICES, Family.LINKS) and operator in _LABELS_OF_SEVERAL:
        return _LABELS_OF_SEVERAL[operator]
    return _LABELS[operator]
