"""Every awkward pair of the corpus through the real sync over both real sides, planned first (design §6, lessons A–D)."""

from collections.abc import Callable

import pytest

from kakehashi.bridge.sync.approving import approve_plan
from tests.corpus.cases import cases_of, themes
from tests.corpus.judging import judge, judge_plan
from tests.corpus.worlds import World
from tests.makers.crm import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1", "Y2", "Y4")]


@pytest.mark.parametrize("theme", themes())
def test_each_case_becomes_what_a_careful_person_would_make_of_it(theme: str, drain: Callable[[], int]) -> None:
    """The cases of a theme run side by side, each in an org and a portal of its own."""
    person = make_person()
    worlds = [World(case, person) for case in cases_of(theme)]
    drain()
    findings = {world.case.title: judge_plan(world) for world in worlds}
    for world in worlds:
        approve_plan(world.connection, actor=world.actor)
    drain()
    for number in range(max(len(world.case.then) for world in worlds)):
        for world in worlds:
            for deed in world.case.then[number : number + 1]:
                for one in deed:
                    world.play(one)
        drain()
    for world in worlds:
        findings[world.case.title] += judge(world)
    unexpected = [
        f"{world.case.title}\n    ({world.case.lesson}: {world.case.why})\n    " + "\n    ".join(found)
        for world in worlds
        if (found := findings[world.case.title]) and not world.case.known
    ]
    assert not unexpected, "\n".join(unexpected)
    mended = [world.case.title for world in worlds if world.case.known and not findings[world.case.title]]
    assert not mended, f"no longer known to be worse, take the mark away: {mended}"


def test_the_corpus_is_whole() -> None:
    """Nobody takes cases away unseen, and no two have one title."""
    titles = [case.title for theme in themes() for case in cases_of(theme)]
    assert len(titles) == len(set(titles)) >= 60
