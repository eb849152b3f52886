"""Facts raised below become pages for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kakehashi.core.errors import ProductError


class ProductErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ProductError):
            return render(
                request, "ui/errors/templates/product_error.html", {"error": exception}, status=exception.status
            )
        return None
