"""Images from elsewhere. A page's policy keeps them out, and only a page that is loaded as a whole can have another one."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)
_LET_IN = "images"


def letting_images_in(answer: Answer) -> Answer:
    """For a page that shows mails whose images somebody asked for."""
    answer._csp_update = {"img-src": ["https:", "http:"]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's way
    return answer


def lets_images_in(request: HttpRequest) -> bool:
    """Whether the page that asks for a part of itself was loaded with `letting_images_in`: it says so (`?images=1`)."""
    return _LET_IN in request.GET


def url_of_part(url: str, *, lets_images_in: bool) -> str:
    """The address of a part of such a page, with the word of its page."""
    return f"{url}?{_LET_IN}=1" if lets_images_in else url


def load_anew() -> HttpResponse:
    """What was asked for is seen once the page is loaded again, as a whole."""
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer


def load_as_page(request: HttpRequest) -> HttpResponse:
    """Instead of a part of another page."""
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = request.get_full_path()
    return answer
