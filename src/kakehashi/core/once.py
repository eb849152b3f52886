"""Questions that many parts of one page ask. While a page is read (`one_reading`) each is answered once; anywhere else, and while something
is changed, it is asked anew every time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers of one reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it nothing is changed that a question marked with `asked_once` reads."""
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def asked_once(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For questions by plain, hashable arguments whose answers nobody changes. What raises is asked again."""

    @wraps(question)
    def ask(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        answers = _answers.get()
        if answers is None:
            return question(*args, **named)
        key = _key_of(question, args, named)
        if key not in answers:
            answers[key] = question(*args, **named)
        answer: Answer = answers[key]
        return answer

    return ask


def tell(question: Callable[Asked, Answer], answer: Answer, *args: Asked.args, **named: Asked.kwargs) -> None:
    """For who has read, along with something else, what a question marked with `asked_once` would answer."""
    answers = _answers.get()
    if answers is not None:
        answers.setdefault(_key_of(getattr(question, "__wrapped__", question), args, named), answer)


def _key_of(question: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    return (question, args, *sorted(named.items()))
