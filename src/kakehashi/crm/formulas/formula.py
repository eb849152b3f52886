"""A formula of a module: read once, checked against the module's fields, then run for any number of records. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, DecimalException, localcontext
from typing import Any

from django.utils.translation import gettext_noop, override

from kakehashi.core.fields.choices import find_choice
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType

from .functions import FUNCTIONS, LONGEST_TEXT, TYPE_WORDS, Signature, Type
from .parsing import Call, Constant, FormulaProblem, Node, Reference, parse

Fields = Mapping[str, FieldSchema]

_TYPES: dict[FieldType, Type] = {
    **dict.fromkeys((FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT), Type.NUMBER),
    **dict.fromkeys(
        (
            FieldType.TEXT,
            FieldType.TEXTAREA,
            FieldType.EMAIL,
            FieldType.PHONE,
            FieldType.URL,
            FieldType.PICKLIST,
            FieldType.AUTONUMBER,
        ),
        Type.TEXT,
    ),
    FieldType.DATE: Type.DATE,
    FieldType.DATETIME: Type.MOMENT,
    FieldType.BOOLEAN: Type.TRUTH,
}
_LARGEST = Decimal(10) ** 16


@dataclass(frozen=True, slots=True)
class _Typed:
    """A node that was checked: what it gives, and how."""

    type: Type
    value: Any = None
    field: FieldSchema | None = None
    signature: Signature | None = None
    arguments: tuple["_Typed", ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """`returns` is what it gives; `expression` names fields by their API names, whatever was typed."""

    expression: str
    returns: Type
    uses: frozenset[str]
    _root: _Typed

    def result(self, values: Mapping[str, Any], *, decimals: int = 2) -> Any:
        """What is stored for a record's canonical values; None when anything needed is empty, or the result makes no sense."""
        with localcontext(Context(prec=34)):
            try:
                return _stored(_run(self._root, values), decimals)
            except (DecimalException, ValueError, OverflowError):
                return None


def read_formula(text: str, fields: Fields) -> Formula:
    """Raises `FormulaProblem`."""
    tree = parse(text)
    root = _check(tree, fields)
    returns = Type.TEXT if root.type == Type.NOTHING else root.type
    names = {one.name: one for one in _references(tree)}
    uses = frozenset(_find(one, fields).api_name for one in names.values())
    return Formula(_with_api_names(text, tree, fields), returns, uses, root)


def _check(node: Node, fields: Fields) -> _Typed:
    if isinstance(node, Constant):
        return _Typed(_type_of(node.value), value=node.value)
    if isinstance(node, Reference):
        field = _find(node, fields)
        return _Typed(_TYPES[field.type], field=field)
    signatures = FUNCTIONS.get(node.name)
    if signatures is None:
        raise FormulaProblem(gettext_noop("There is no function “%(name)s”."), node.position, name=node.name[:40])
    arguments = _choices_by_label(node, tuple(_check(argument, fields) for argument in node.arguments))
    given = [argument.type for argument in arguments]
    signature = next((one for one in signatures if one.fits(given)), None)
    if signature is None:
        raise FormulaProblem(
            gettext_noop("“%(name)s” cannot work with this (%(types)s)."),
            node.position,
            name="-" if node.name == "negative" else node.name,
            types=", ".join(str(TYPE_WORDS[one]) for one in given) or "–",
        )
    return _Typed(signature.gives, signature=signature, arguments=arguments)


def _choices_by_label(node: Call, arguments: tuple[_Typed, ...]) -> tuple[_Typed, ...]:
    """{Stage} = "受注" means the choice that reads so, whatever is stored for it."""
    if node.name not in ("=", "<>"):
        return arguments
    left, right = arguments
    return _as_choice(left, right, node), _as_choice(right, left, node)


def _as_choice(side: _Typed, other: _Typed, node: Call) -> _Typed:
    field = other.field
    if field is None or field.type != FieldType.PICKLIST or not isinstance(side.value, str) or not side.value:
        return side
    try:
        return _Typed(Type.TEXT, value=find_choice(side.value, field))
    except ValueRefused as refused:
        raise FormulaProblem(refused.reason.text, node.position, **refused.reason.details) from None


def _find(reference: Reference, fields: Fields) -> FieldSchema:
    field = fields.get(reference.name) or _by_label(reference.name, fields)
    if field is None:
        raise FormulaProblem(
            gettext_noop("There is no field “%(name)s”."), reference.position, name=reference.name[:40]
        )
    if field.type == FieldType.FORMULA:
        raise FormulaProblem(gettext_noop("A formula cannot use another formula."), reference.position)
    if field.type not in _TYPES:
        raise FormulaProblem(
            gettext_noop("A formula cannot use “%(name)s”, a field of this type."),
            reference.position,
            name=reference.name[:40],
        )
    return field


def _by_label(name: str, fields: Fields) -> FieldSchema | None:
    wanted = name.casefold()
    for language in ("ja", "en"):
        with override(language):
            for field in fields.values():
                if str(field.label).casefold() == wanted or field.api_name.casefold() == wanted:
                    return field
    return None


def _references(node: Node) -> Iterator[Reference]:
    if isinstance(node, Reference):
        yield node
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from _references(argument)


def _with_api_names(text: str, tree: Node, fields: Fields) -> str:
    """Fields by API name, so that a renamed label breaks nothing."""
    for reference in sorted(_references(tree), key=lambda one: -one.position):
        name = f"{{{_find(reference, fields).api_name}}}"
        text = text[: reference.position] + name + text[reference.end :]
    return text


def _type_of(value: Any) -> Type:
    if value is None:
        return Type.NOTHING
    if isinstance(value, bool):
        return Type.TRUTH
    return Type.NUMBER if isinstance(value, Decimal) else Type.TEXT


def _run(node: _Typed, values: Mapping[str, Any]) -> Any:
    if node.field:
        return _loaded(values.get(node.field.api_name), node.type)
    if node.signature is None:
        return node.value
    arguments = [_run(argument, values) for argument in node.arguments]
    if not node.signature.takes_empty and any(argument is None for argument in arguments):
        return None
    return node.signature.run(*arguments)


def _loaded(value: Any, kind: Type) -> Any:
    """A stored value as formulas work with it."""
    if kind == Type.TRUTH:
        return bool(value)
    if value is None:
        return None
    makers: dict[Type, Any] = {
        Type.NUMBER: lambda: Decimal(str(value)),
        Type.DATE: lambda: date.fromisoformat(value),
        Type.MOMENT: lambda: datetime.fromisoformat(value),
    }
    return makers[kind]() if kind in makers else str(value)


def _stored(value: Any, decimals: int) -> Any:
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) >= _LARGEST:
            return None
        return format(value.quantize(Decimal(1).scaleb(-decimals)).normalize() + 0, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value[:LONGEST_TEXT] or None if isinstance(value, str) else value
