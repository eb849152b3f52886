"""What is asked while a page is read is asked once; what may change meanwhile never."""

import pytest

from kakehashi.core.once import asked_once, one_reading, tell


class Asked:
    def __init__(self) -> None:
        self.times = 0

    def question(self, number: int) -> int | None:
        self.times += 1
        if number < 0:
            raise ValueError(number)
        return number or None


def test_each_question_is_asked_once_in_one_reading_and_anew_outside_of_it() -> None:
    asked = Asked()
    ask = asked_once(asked.question)
    with one_reading():
        assert [ask(1), ask(1), ask(0), ask(0), ask(2)] == [1, 1, None, None, 2]
    assert asked.times == 3, "None is an answer, too"
    with one_reading():
        ask(1)
    ask(1)
    ask(1)
    assert asked.times == 6


def test_a_refusal_is_no_answer() -> None:
    asked = Asked()
    ask = asked_once(asked.question)
    with one_reading():
        for _time in range(2):
            with pytest.raises(ValueError, match="-1"):
                ask(-1)
    assert asked.times == 2


def test_an_answer_that_was_told_is_not_asked_for() -> None:
    asked = Asked()
    ask = asked_once(asked.question)
    tell(ask, 7, 1)
    with one_reading():
        tell(ask, 5, 1)
        tell(ask, 6, 1)
        assert [ask(1), ask(2)] == [5, 2], "the first answer stands"
    assert (ask(1), asked.times) == (1, 2), "outside of a reading nothing is kept"
