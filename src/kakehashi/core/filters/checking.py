"""Is a condition fit to be asked? Typed values become canonical; what cannot be asked says why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.fields.dates import DateKind
from kakehashi.core.fields.numbers import DecimalKind
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.core.ids import is_id

from .definition import Condition, Filter, Group
from .operators import OPERATORS, Family, Operator, Shape, shape_of
from .subjects import Subject, Subjects

MOST_DAYS = 36_500
_NUMBER = FieldSchema(0, "", "", FieldType.DECIMAL, decimals=6)
_DAY = FieldSchema(0, "", "", FieldType.DATE)


def clean_condition(condition: Condition, subjects: Subjects) -> Condition:
    """The condition with canonical values. Raises `InvalidValues` with the words for beside the condition, under its field's name."""
    subject = subjects.get(condition.field)
    if subject is None:
        raise _refused(condition, _("The field “%(field)s” does not exist any more.") % {"field": condition.field})
    if condition.operator not in OPERATORS[subject.family]:
        raise _refused(condition, _("This cannot be asked of the field “%(field)s”.") % {"field": subject.label})
    operator = Operator(condition.operator)
    try:
        values = _clean_values(condition.values, operator, subject)
    except ValueRefused as refused:
        raise _refused(condition, refused.reason.sentence) from None
    return Condition(condition.field, operator.value, tuple(values))


def problems_of(asked: Filter, subjects: Subjects) -> list[Text]:
    """What of a stored filter cannot be asked any more, in words."""
    found: list[Text] = []
    for condition in asked:
        try:
            clean_condition(condition, subjects)
        except InvalidValues as refused:
            found += refused.by_field.values()
    return list(dict.fromkeys(str(sentence) for sentence in found))


def usable(asked: Filter, subjects: Subjects) -> Filter:
    """The filter without the conditions that cannot be asked."""
    groups = [Group(tuple(_usable(group.conditions, subjects)), group.join) for group in asked.groups]
    return Filter(tuple(group for group in groups if group.conditions), asked.join)


def _usable(conditions: Sequence[Condition], subjects: Subjects) -> list[Condition]:
    cleaned: list[Condition] = []
    for condition in conditions:
        try:
            cleaned.append(clean_condition(condition, subjects))
        except InvalidValues:
            continue
    return cleaned


def _clean_values(values: Sequence[str], operator: Operator, subject: Subject) -> list[str]:
    shape = shape_of(operator)
    given = [value.strip() for value in values]
    if shape == Shape.NONE:
        return []
    if shape == Shape.MANY:
        return _clean_many(given, subject)
    wanted = 2 if shape == Shape.TWO else 1
    given = given[:wanted]
    if len(given) < wanted or not all(given):
        raise ValueRefused(gettext_noop("Please fill this in."))
    if shape == Shape.DAYS:
        return [_clean_days(given[0])]
    cleaned = [_clean_one(value, subject.family) for value in given]
    return sorted(cleaned, key=_ORDERS[subject.family]) if shape == Shape.TWO else cleaned


def _clean_many(given: Sequence[str], subject: Subject) -> list[str]:
    chosen = list(dict.fromkeys(value for value in given if value))
    if not chosen:
        raise ValueRefused(gettext_noop("Choose at least one."))
    if subject.family in (Family.LINK, Family.LINKS, Family.PERSON) and subject.ask is None:
        words = ("me", "team") if subject.family == Family.PERSON else ()
        chosen = [value for value in chosen if value in words or is_id(value)]
        if not chosen:
            raise ValueRefused(gettext_noop("Choose at least one."))
    return chosen


def _clean_days(value: str) -> str:
    number = DecimalKind().clean(value, _NUMBER)
    if number is None or Decimal(number) != int(Decimal(number)) or not 1 <= int(Decimal(number)) <= MOST_DAYS:
        raise ValueRefused(gettext_noop("Write a number of days, 1 or more."))
    return str(int(Decimal(number)))


def _clean_one(value: str, family: Family) -> str:
    if family == Family.NUMBER:
        return str(DecimalKind().clean(value, _NUMBER))
    if family in (Family.DATE, Family.MOMENT):
        return str(DateKind().clean(value, _DAY))
    return value


_ORDERS: Mapping[Family, type[Decimal] | type[str]] = {
    Family.NUMBER: Decimal,
    Family.DATE: str,
    Family.MOMENT: str,
}


def _refused(condition: Condition, sentence: Text) -> InvalidValues:
    return InvalidValues({condition.field: sentence})
