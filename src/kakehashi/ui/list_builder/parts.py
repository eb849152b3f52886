"""The parts that the filter builder asks the server for while one builds: a row, and a group with one row."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .builder import Builder, RowGroup, new_uid, read_row

TEMPLATES = "ui/list_builder/templates"


def show_row(request: HttpRequest, builder: Builder, context: Mapping[str, Any]) -> HttpResponse:
    """A new row for `?group`, or `?row` ("group:row") again after its field or its question changed. `context`: `sections` and `row_url`."""
    group, colon, uid = request.GET.get("row", "").partition(":")
    if colon:
        made = builder.row(uid, group, read_row(request.GET, uid))
    else:
        made = builder.first_row(request.GET.get("group", "")[:16])
    return render(request, f"{TEMPLATES}/condition.html", {**context, "row": made, "is_new": True})


def show_group(request: HttpRequest, builder: Builder, context: Mapping[str, Any]) -> HttpResponse:
    """One more group with one row."""
    uid = new_uid()
    made = RowGroup(uid, "and", [builder.first_row(uid)])
    return render(request, f"{TEMPLATES}/condition_group.html", {**context, "group": made, "is_new": True})
