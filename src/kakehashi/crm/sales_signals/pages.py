"""The bell and the page of all signals."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import bell_of, workspace_of
from kakehashi.crm.records.models import Record
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter

from .actions import read_signals, see_signals
from .kinds import SIGNAL_KINDS
from .models import Signal
from .putting_off import CHOICES
from .queries import BELL_SIGNALS, bell_signals, grouped, in_words, signals_of
from .slots import SIGNAL_PAGES

TEMPLATES = "crm/sales_signals/templates"
_PAGE_SIGNALS = 50


@require_GET
@crm_page
def badge(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The bell's button again, after its number changed."""
    return render(request, "ui/shell/templates/bell_button.html", {"bell": bell_of(access)})


@require_GET
@crm_page
def bell(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What hangs below the bell; whoever opens it has seen what is there."""
    newest = list(bell_signals(access)[:BELL_SIGNALS])
    see_signals(access.org.pk, access.person.pk)
    return render(request, f"{TEMPLATES}/bell.html", {"groups": grouped(access, newest), **addresses(access)})


@require_GET
@crm_page
def signals(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """All signals, by the page: unread or put off ones, those of a kind, those that concern one record."""
    asked = _asked(request)
    page = Paginator(_found(access, asked), _PAGE_SIGNALS).get_page(request.GET.get("page"))
    see_signals(access.org.pk, access.person.pk)
    context = {
        "groups": grouped(access, list(page)),
        "page": page,
        "is_filtered": any(asked.values()),
        "show": asked["show"],
        "kind": asked["kind"],
        "kinds": [one for one in SIGNAL_KINDS if one.is_offered(access.org.pk)],
        "filters": _filters(access, asked),
        **_customer(access, asked),
        "put_off_choices": CHOICES.items(),
        "here": request.get_full_path(),
        "live": f"crm.signals:{access.person.pk}",
        **addresses(access),
    }
    if is_fragment(request):
        return render(request, f"{TEMPLATES}/list.html", context)
    access.membership.refresh_from_db(fields=["unseen_signals"])
    return render_page(request, f"{TEMPLATES}/signals.html", context, workspace=workspace_of(access), active="signals")


@require_GET
@crm_page
def signal(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    """Read it, and go where it leads."""
    found = signals_of(access).filter(pk=signal_id)
    shown = in_words(access, list(found))
    if not shown:
        raise NotFound
    read_signals(found)
    return redirect(shown[0].words.url or reverse("crm_signals", args=[access.org.pk]))


def addresses(access: CrmAccess) -> dict[str, Any]:
    """What every list of signals needs."""
    org_id = access.org.pk
    return {
        "org_id": org_id,
        "signals_url": reverse("crm_signals", args=[org_id]),
        "reading_url": reverse("crm_signals_reading", args=[org_id]),
        "habits_url": reverse("crm_signal_habits", args=[org_id]),
        "more_pages": [tab for page in SIGNAL_PAGES if (tab := page(access))],
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    record = request.GET.get("record", "")
    return {
        "show": show if (show := request.GET.get("show", "")) in ("unread", "later") else "",
        "kind": request.GET.get("kind", "")[:40],
        "record": record if is_id(record) else "",
    }


def _found(access: CrmAccess, asked: dict[str, str]) -> QuerySet[Signal]:
    wanted = Q()
    if asked["show"] == "unread":
        wanted &= Q(read_at=None, snoozed_until=None)
    if asked["show"] == "later":
        wanted &= Q(snoozed_until__isnull=False)
    if asked["kind"]:
        wanted &= Q(kind=asked["kind"])
    if asked["record"]:
        wanted &= Q(about__contains=[int(asked["record"])])
    return signals_of(access).filter(wanted)


def _customer(access: CrmAccess, asked: dict[str, str]) -> dict[str, Any]:
    """The record that the list is narrowed to, as far as this person's own signals name it."""
    if not asked["record"]:
        return {}
    named = Record.objects.filter(org=access.org, pk=int(asked["record"])).only("name").first()
    heard = signals_of(access).filter(about__contains=[int(asked["record"])]).exists()
    return {"customer": named if heard else None, "all_customers_url": _address(access, {**asked, "record": ""})}


def _filters(access: CrmAccess, asked: dict[str, str]) -> list[Filter]:
    labels = {"": _("All"), "unread": _("Unread"), "later": _("Put off")}
    return [
        Filter(label, _address(access, {**asked, "show": show}), None, is_current=asked["show"] == show)
        for show, label in labels.items()
    ]


def _address(access: CrmAccess, asked: dict[str, str]) -> str:
    url = reverse("crm_signals", args=[access.org.pk])
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{url}?{query}" if query else url
