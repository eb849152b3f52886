"""Pages that the bridge adds to the CRM and to the Desk: sign-in first, strangers get 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from .sides.directory import desk_front, front
from .sides.front import DeskVisit, Visit

Rest = ParamSpec("Rest")


def org_page(
    page: Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """`/crm/<org_id>/…` becomes `page(request, visit, …)`."""

    @wraps(page)
    @login_required
    def find_and_show(request: HttpRequest, org_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return page(request, front().visit(request, org_id), *args, **kwargs)

    return find_and_show


def portal_page(
    page: Callable[Concatenate[HttpRequest, DeskVisit, Rest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """`/desk/<portal_id>/…` becomes `page(request, visit, …)`."""

    @wraps(page)
    @login_required
    def find_and_show(request: HttpRequest, portal_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return page(request, desk_front().visit(request, portal_id), *args, **kwargs)

    return find_and_show
