"""The text of a formula as a tree: numbers, "words", {Fields}, operators and calls. Pure; knows nothing of any module.

Spreadsheets are the model: = <> < <= > >= & + - * / and, or, not, and functions such as if(…; …; …). Letters of full width are
taken, too, since they are what a Japanese keyboard types first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from kakehashi.core.fields.reasons import Reason

LONGEST = 2_000
_DEEPEST = 40
_PARTS = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<field>\{[^{}]*\})
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign><>|!=|<=|>=|==|[-+*/&=<>(),;])""",
    re.VERBOSE,
)
_PROTECTED = re.compile(r'("(?:[^"]|"")*"?|\{[^{}]*\}?)')
_COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "empty": None}


class FormulaProblem(Exception):
    """What is wrong with a formula, and at which letter of it (from 0)."""

    def __init__(self, text: str, position: int, **details: object) -> None:
        super().__init__(text)
        self.reason, self.position = Reason(text, details), position


@dataclass(frozen=True, slots=True)
class Constant:
    value: Decimal | str | bool | None
    position: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A field, as it was written: by API name or by label."""

    name: str
    position: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator: ("+", [left, right]), ("round", [number, digits])."""

    name: str
    arguments: tuple["Node", ...]
    position: int


Node = Constant | Reference | Call


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int

    @property
    def end(self) -> int:
        return self.position + len(self.text)


def parse(text: str) -> Node:
    """Raises `FormulaProblem`."""
    if len(text) > LONGEST:
        raise FormulaProblem(gettext_noop("A formula has at most %(longest)s letters."), LONGEST, longest=LONGEST)
    if not text.strip():
        raise FormulaProblem(gettext_noop("Write a formula."), 0)
    return _Reader(list(_tokens(text)), len(text)).read()


def _tokens(text: str) -> Iterator[_Token]:
    narrow, position = _narrow(text), 0
    while position < len(narrow):
        found = _PARTS.match(narrow, position)
        if found is None:
            letter = text[position]
            words = {
                '"': gettext_noop("These quotation marks are never closed."),
                "{": gettext_noop("This brace is never closed."),
            }
            raise FormulaProblem(
                words.get(letter, gettext_noop("“%(letter)s” means nothing here.")), position, letter=letter
            )
        if found.lastgroup != "space":
            yield _Token(str(found.lastgroup), found[0], position)
        position = found.end()


def _narrow(text: str) -> str:
    """Full-width signs, digits and letters outside quotation marks and braces as plain ones; as long as before."""
    parts = _PROTECTED.split(text)
    return "".join(part if index % 2 else "".join(map(_narrow_letter, part)) for index, part in enumerate(parts))


def _narrow_letter(letter: str) -> str:
    folded = {"、": ",", "，": ",", "；": ";", "－": "-", "−": "-", "×": "*", "÷": "/"}.get(letter)
    folded = folded or unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 else letter


class _Reader:
    """Recursive descent, one method per rank of operators, loosest first."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens, self.length, self.place, self.depth = tokens, length, 0, 0

    def read(self) -> Node:
        node = self._either()
        if self.place < len(self.tokens):
            token = self.tokens[self.place]
            raise FormulaProblem(
                gettext_noop("“%(word)s” was not expected here."), token.position, word=token.text[:40]
            )
        return node

    def _either(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaProblem(gettext_noop("This is nested too deeply."), self._position())
        node = self._chain(("or",), self._both)
        self.depth -= 1
        return node

    def _both(self) -> Node:
        return self._chain(("and",), self._negation)

    def _negation(self) -> Node:
        if token := self._take("not"):
            return Call("not", (self._deeper(self._negation),), token.position)
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._chain(("&",), self._sum)
        if token := self._take(*_COMPARISONS):
            return Call(_COMPARISONS[token.text], (left, self._chain(("&",), self._sum)), token.position)
        return left

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._sign)

    def _sign(self) -> Node:
        if token := self._take("-"):
            return Call("negative", (self._deeper(self._sign),), token.position)
        self._take("+")
        return self._atom()

    def _deeper(self, read: "Callable[[], Node]") -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaProblem(gettext_noop("This is nested too deeply."), self._position())
        node = read()
        self.depth -= 1
        return node

    def _chain(self, signs: tuple[str, ...], read: "Callable[[], Node]") -> Node:
        node = read()
        while token := self._take(*signs):
            right = read()
            node = Call(token.text.lower(), (node, right), token.position)
        return node

    def _atom(self) -> Node:
        if self.place >= len(self.tokens):
            raise FormulaProblem(gettext_noop("Something is missing at the end."), self.length)
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return Constant(Decimal(token.text), token.position)
        if token.kind == "text":
            return Constant(token.text[1:-1].replace('""', '"'), token.position)
        if token.kind == "field":
            return Reference(token.text[1:-1].strip(), token.position, token.end)
        if token.kind == "word":
            return self._word(token)
        if token.text == "(":
            node = self._either()
            self._close(token)
            return node
        raise FormulaProblem(gettext_noop("“%(word)s” was not expected here."), token.position, word=token.text[:40])

    def _word(self, token: _Token) -> Node:
        if self._take("("):
            arguments = self._arguments(token)
            return Call(token.text.lower(), arguments, token.position)
        if token.text.lower() in _CONSTANTS:
            return Constant(_CONSTANTS[token.text.lower()], token.position)
        return Reference(token.text, token.position, token.end)

    def _arguments(self, opened: _Token) -> tuple[Node, ...]:
        if self._take(")"):
            return ()
        arguments = [self._either()]
        while self._take(",", ";"):
            arguments.append(self._either())
        self._close(opened)
        return tuple(arguments)

    def _close(self, opened: _Token) -> None:
        if not self._take(")"):
            raise FormulaProblem(gettext_noop("This parenthesis is never closed."), opened.position)

    def _take(self, *texts: str) -> _Token | None:
        if self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token.kind in ("sign", "word") and token.text.lower() in texts:
                self.place += 1
                return token
        return None

    def _position(self) -> int:
        return self.tokens[self.place].position if self.place < len(self.tokens) else self.length
