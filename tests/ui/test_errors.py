"""What goes wrong is told in the shell, to htmx in one sentence, and an unforeseen error under a reference."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import Client
from pytest_django import Settings

from kakehashi.core.errors import NotAllowed, NotFound, ProductError, StaleVersion
from kakehashi.ui.errors import pages
from kakehashi.ui.errors.middleware import ProductErrorMiddleware


def told(request: HttpRequest, error: ProductError) -> HttpResponse:
    response = ProductErrorMiddleware(lambda request: HttpResponse()).process_exception(request, error)
    assert response is not None
    return response


def test_a_refusal_says_who_can(stranger_request: HttpRequest) -> None:
    response = told(stranger_request, NotAllowed(who_can="Administrators can."))
    assert response.status_code == 403
    assert "Administrators can." in response.content.decode()
    assert "k-plain" in response.content.decode()  # nobody is signed in: without a top bar


def test_htmx_gets_one_sentence(stranger_request: HttpRequest) -> None:
    stranger_request.META["HTTP_HX_REQUEST"] = "true"
    response = told(stranger_request, StaleVersion())
    assert response.status_code == 409
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.content.decode().startswith("Somebody else changed this")


def test_missing_things_are_told_the_same_whether_django_or_we_say_so(stranger_request: HttpRequest) -> None:
    ours, djangos = told(stranger_request, NotFound()), pages.page_not_found(stranger_request, Exception())
    assert ours.status_code == djangos.status_code == 404
    for response in (ours, djangos):
        assert "does not exist, or you cannot see it" in response.content.decode()


def test_an_unforeseen_error_has_a_reference_that_is_in_the_log(
    stranger_request: HttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "kakehashi.errors"):
        response = _after_a_crash(stranger_request)
    reference = caplog.records[0].getMessage().split()[-1]
    assert response.status_code == 500
    assert reference in response.content.decode()
    assert "the pipe burst" in caplog.text
    assert "the pipe burst" not in response.content.decode()


def test_an_error_in_the_shell_still_answers(stranger_request: HttpRequest) -> None:
    stranger_request.user = None  # type: ignore[assignment]  # the shell cannot be drawn without somebody
    response = pages.server_error(stranger_request)
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_a_host_that_is_not_ours_is_refused_before_anybody_is_known(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["ours.example"]
    response = Client(raise_request_exception=False).get("/", headers={"Host": "theirs.example"})
    assert response.status_code == 400
    assert "This request cannot be read" in response.content.decode()


@pytest.mark.parametrize(("accept", "is_explained"), [("text/html", True), ("application/json", False)])
def test_a_wrong_method_is_explained_to_people_only(
    stranger_request: HttpRequest, accept: str, is_explained: bool
) -> None:
    stranger_request.META["HTTP_ACCEPT"] = accept
    response = ProductErrorMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))(stranger_request)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert ("use the button there" in response.content.decode()) == is_explained


def _after_a_crash(request: HttpRequest) -> HttpResponse:
    try:
        _burst()
    except RuntimeError:
        return pages.server_error(request)
    raise AssertionError


def _burst() -> None:
    raise RuntimeError("the pipe burst")
