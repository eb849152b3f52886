from collections.abc import Iterator

import pytest
from django.core.cache import cache

from kakehashi.identity.first_run.middleware import FirstRunMiddleware
from kakehashi.identity.people.models import Person

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh_process(db: None) -> Iterator[None]:
    """What a process remembers is forgotten, and nobody has used up a rate limit."""
    FirstRunMiddleware.somebody_exists = False
    cache.clear()
    yield
    FirstRunMiddleware.somebody_exists = False


@pytest.fixture
def aya() -> Person:
    return Person.objects.create_user(
        "aya.mori@example.com", PASSWORD, family_name="森", given_name="彩", language="ja"
    )


@pytest.fixture
def ben() -> Person:
    return Person.objects.create_user(
        "ben.hill@example.com", PASSWORD, family_name="Hill", given_name="Ben", language="en", time_zone="Europe/London"
    )
