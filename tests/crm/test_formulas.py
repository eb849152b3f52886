"""The expression language of formula fields: what it says, what it refuses, and that nothing breaks it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.fields.schema import Choice, FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.formulas.formula import Formula, read_formula
from kakehashi.crm.formulas.functions import Type
from kakehashi.crm.formulas.parsing import FormulaProblem

FIELDS = {
    field.api_name: field
    for field in (
        FieldSchema(1, "Amount", "金額（税抜）", FieldType.CURRENCY),
        FieldSchema(2, "Count", "Count", FieldType.INTEGER),
        FieldSchema(3, "Name", "Name", FieldType.TEXT),
        FieldSchema(4, "Start", "Start", FieldType.DATE),
        FieldSchema(5, "At", "At", FieldType.DATETIME),
        FieldSchema(6, "Done", "Done", FieldType.BOOLEAN),
        FieldSchema(7, "Stage", "Stage", FieldType.PICKLIST, choices=(Choice("won", "受注"), Choice("lost", "失注"))),
        FieldSchema(8, "Other", "Other", FieldType.FORMULA),
        FieldSchema(9, "Account", "Account", FieldType.LOOKUP),
    )
}
VALUES: dict[str, Any] = {
    "Amount": "1200.5",
    "Count": 3,
    "Name": "ロガー",
    "Start": "2026-01-31",
    "At": "2026-11-19T08:44:00+00:00",
    "Stage": "won",
}


def result(text: str, **changes: Any) -> Any:
    return read_formula(text, FIELDS).result({**VALUES, **changes})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-2 - -3", "1"),
        ("0.1 + 0.2", "0.3"),
        ("{Amount} * Count", "3601.5"),
        ("{金額（税抜）} / 2", "600.25"),
        ("１＋２×（３－１）", "5"),
        ("round(Amount; 0)", "1201"),
        ("round(1234, -2)", "1200"),
        ("floor(-1.5)", "-2"),
        ("mod(-7, 3)", "2"),
        ("max(1, Count, 2)", "3"),
        ('Name & "-" & Count', "ロガー-3"),
        ('"say ""ok"""', 'say "ok"'),
        ("upper(left(\"tl-200\", 2))", "TL"),
        ('if(Stage = "受注", Amount, 0)', "1200.5"),
        ('if(Stage = "lost", Amount, 0)', "0"),
        ("Done or Count > 2 and not false", True),
        ("Start + 1", "2026-02-01"),
        ("addmonths(Start, 1)", "2026-02-28"),
        ("date(2026, 3, 1) - Start", "29"),
        ("year(date(At))", "2026"),
        ('contains(Name, "ガー")', True),
        ("text(Amount)", "1200.5"),
        ('number("1,200")', "1200"),
        ("isempty(Start)", False),
    ],
)  # fmt: skip
def test_it_says_what_a_spreadsheet_says(text: str, expected: Any) -> None:
    assert result(text) == expected


@pytest.mark.parametrize("text", ["Amount / 0", "mod(1, 0)", "date(2026, 2, 30)", "9999999999999999 * 10", "addmonths(Start, 999999)"])  # fmt: skip
def test_what_has_no_sensible_result_is_empty(text: str) -> None:
    assert result(text) is None


def test_an_empty_field_makes_a_sum_empty_unless_one_says_otherwise() -> None:
    assert result("Amount + Count", Count=None) is None
    assert result("Amount + ifempty(Count, 0)", Count=None) == "1200.5"
    assert result('Name & "!"', Name=None) == "!"
    assert result("if(Count > 1, 1, 0)", Count=None) == "0"


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "Write"),
        ("1 +", 3, "missing"),
        ("(1", 0, "parenthesis"),
        ("Amount + Nonsense", 9, "Nonsense"),
        ("Amount + Name", 7, "number, text"),
        ("round()", 0, "round"),
        ("eval(1)", 0, "eval"),
        ('Stage = "someday"', 6, "choices"),
        ("Other + 1", 0, "another formula"),
        ("Account", 0, "this type"),
        ("1 ~ 2", 2, "~"),
        ('"open', 0, "quotation"),
        ("{open", 0, "brace"),
        ("1 2", 2, "2"),
        ("(" * 100 + "1" + ")" * 100, 40, "deeply"),
        ("-" * 100 + "1", 40, "deeply"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, position: int, words: str) -> None:
    with override("en"), pytest.raises(FormulaProblem) as problem:
        read_formula(text, FIELDS)
    with override("en"):
        assert words in str(problem.value.reason)
    assert abs(problem.value.position - position) <= 1


def test_fields_are_kept_by_the_name_that_never_changes() -> None:
    formula = read_formula('if({stage} = "受注"; {金額（税抜）} ; 0)', FIELDS)
    assert formula.expression == 'if({Stage} = "受注"; {Amount} ; 0)'
    assert formula.uses == {"Stage", "Amount"}
    assert formula.returns == Type.NUMBER


def any_formula() -> st.SearchStrategy[str]:
    numbers = st.one_of(st.integers(0, 10**6).map(str), st.sampled_from(["Amount", "{Count}", "0.5"]))
    return st.recursive(
        numbers,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
            inner.map(lambda part: f"round({part}, 2)"),
            st.tuples(inner, inner).map(lambda parts: f"if({parts[0]} > {parts[1]}, {parts[0]}, {parts[1]})"),
            inner.map(lambda part: f"-{part}"),
        ),
        max_leaves=8,
    )


@given(any_formula(), st.decimals(-(10**9), 10**9, places=2), st.one_of(st.none(), st.integers(-(10**6), 10**6)))
def test_any_sum_gives_a_number_or_nothing_and_always_the_same(text: str, amount: Decimal, count: int | None) -> None:
    values = {"Amount": str(amount), "Count": count}
    formula = read_formula(text, FIELDS)
    value = formula.result(values)
    assert value is None or Decimal(value).is_finite()
    again: Formula = read_formula(formula.expression, FIELDS)
    assert (again.result(values), again.expression) == (value, formula.expression)


@given(st.text(alphabet='()+-*/&<>=,;{}"0123456789abAmount 税"．（', max_size=60))
def test_no_text_can_do_anything_but_be_a_formula_or_be_refused(text: str) -> None:
    problem = None
    try:
        read_formula(text, FIELDS).result(VALUES)
    except FormulaProblem as found:
        problem = found
    if problem:
        assert 0 <= problem.position <= len(text)
        assert str(problem.reason)
