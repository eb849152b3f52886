from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

Draw = Callable[..., str]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def stranger_request(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/somewhere?sort=name&page=3")
    request.user = AnonymousUser()
    return request


@pytest.fixture
def draw(stranger_request: HttpRequest) -> Draw:
    """Render a template written in the test, without needless space."""

    def render(source: str, **values: object) -> str:
        return " ".join(engines["django"].from_string(source).render(values, stranger_request).split())

    return render
