"""Erasing a person's data: what there is first, then typed words, then how far it is; and the record of what was erased."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.core.errors import NotFound, Text
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.customers.queries import find_contact
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import start_erasure
from .models import Erasure, ErasureKind
from .scope import LABELS, count_of, scope_of

_HERE = "desk/erasure/templates"


@require_http_methods(["GET", "POST"])
@desk_page
def new_erasure(request: HttpRequest, access: DeskAccess, contact_id: int) -> HttpResponse:
    """What would be erased, with counts; POST with the typed words begins it."""
    access.require("may_erase_customers")
    contact = find_contact(access, contact_id)
    if contact.merged_into_id or contact.erased_at:
        raise NotFound
    words = pgettext("typed to confirm", "erase")
    typed, kind = request.POST.get("typed", "").strip(), request.POST.get("kind", "")
    if request.method == "POST" and typed == words and kind in ErasureKind.values:
        erasure = start_erasure(contact, kind=ErasureKind(kind), actor=access.actor)
        return redirect("desk_erasure", access.portal.pk, erasure.pk)
    return _show_form(request, access, contact, words=words, typed=typed, kind=kind)


@require_GET
@desk_page
def erasure(request: HttpRequest, access: DeskAccess, erasure_id: int) -> HttpResponse:
    """How far it is, and what was there."""
    access.require("may_erase_customers")
    found = Erasure.objects.filter(portal=access.portal, pk=erasure_id).first()
    if found is None:
        raise NotFound
    total = sum(found.counts.get(name, 0) for name in ("tickets", "mails_elsewhere", "mails"))
    context = {
        "access": access,
        "erasure": found,
        "lines": _lines(found.counts),
        "total": total,
        "done": min(total, sum(found.done.values())),
    }
    if is_fragment(request):
        return render(request, f"{_HERE}/progress.html", context)
    return render_page(request, f"{_HERE}/erasure.html", context, workspace=workspace_of(access), active="contacts")


@require_GET
@desk_page
def erasures(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """Who erased whose data when; whose it was is not known any more but by number."""
    access.require("may_erase_customers")
    rows = Erasure.objects.filter(portal=access.portal).order_by("-pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lines = [(one, one.counts.get("tickets", 0)) for one in page]
    return settings_page(request, access, "erasures", f"{_HERE}/erasures.html", {"page": page, "lines": lines})


def _show_form(
    request: HttpRequest, access: DeskAccess, contact: Contact, *, words: str, typed: str, kind: str
) -> HttpResponse:
    is_sent = request.method == "POST"
    context: dict[str, Any] = {
        "access": access,
        "record": contact,
        "lines": _lines(count_of(scope_of(contact))),
        "kinds": _kinds(kind or ErasureKind.ANONYMISE),
        "words": words,
        "typed": typed,
        "is_wrong": is_sent and typed != words,
    }
    return render_page(
        request,
        f"{_HERE}/new.html",
        context,
        workspace=workspace_of(access),
        active="contacts",
        status=422 if is_sent else 200,
    )


def _kinds(chosen: str) -> list[tuple[str, Text, Text, bool]]:
    """(value, label, what it means, whether it is chosen)."""
    meanings = {
        ErasureKind.ANONYMISE: _(
            "Statistics keep their numbers: when a ticket came, how long it took, how it was rated. Subjects, texts, files, addresses and names go."
        ),
        ErasureKind.ERASE: _(
            "The tickets go as well; statistics no longer count them. Their numbers are not given out again."
        ),
    }
    return [(kind.value, kind.label, meaning, kind == chosen) for kind, meaning in meanings.items()]


def _lines(counts: Mapping[str, int]) -> list[tuple[Text, int]]:
    return [(label, counts.get(name, 0)) for name, label in LABELS.items()]
