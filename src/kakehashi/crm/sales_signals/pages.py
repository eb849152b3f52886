"""The bell and the page of all signals."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import bell_of, workspace_of
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.templatetags.ui_lists import Filter

from .actions import read_signals, see_signals, unread_signals
from .kinds import SIGNAL_KINDS, kind_named
from .queries import BELL_SIGNALS, grouped, signals_of

_TEMPLATES = "crm/sales_signals/templates"
_PAGE_SIGNALS = 50
_MOST_AT_ONCE = 500


@require_GET
@crm_page
def badge(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The bell's button again, after its number changed."""
    return render(request, "ui/shell/templates/bell_button.html", {"bell": bell_of(access)})


@require_GET
@crm_page
def bell(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What hangs below the bell; whoever opens it has seen what is there."""
    newest = list(signals_of(access)[:BELL_SIGNALS])
    see_signals(access.org.pk, access.person.pk)
    return render(request, f"{_TEMPLATES}/bell.html", {"groups": grouped(newest), **_addresses(access)})


@require_GET
@crm_page
def signals(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """All signals, by the page; filtered to what is not read yet or to one kind."""
    found = signals_of(access)
    is_unread = request.GET.get("show") == "unread"
    kind = request.GET.get("kind", "")
    if is_unread:
        found = found.filter(read_at=None)
    if kind:
        found = found.filter(kind=kind)
    page = Paginator(found, _PAGE_SIGNALS).get_page(request.GET.get("page"))
    see_signals(access.org.pk, access.person.pk)
    access.membership.refresh_from_db(fields=["unseen_signals"])
    context = {
        "groups": grouped(list(page)),
        "page": page,
        "is_filtered": bool(is_unread or kind),
        "filters": _filters(access, kind, is_unread=is_unread),
        **_addresses(access),
    }
    return render_page(request, f"{_TEMPLATES}/signals.html", context, workspace=workspace_of(access), active="signals")


@require_GET
@crm_page
def signal(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    """Read it, and go where it leads."""
    found = signals_of(access).filter(pk=signal_id).first()
    kind = kind_named(found.kind) if found else None
    if found is None or kind is None:
        raise NotFound
    read_signals(signals_of(access).filter(pk=found.pk))
    return redirect(kind.url(found))


@require_POST
@crm_page
def reading(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Mark the chosen ones, or all, as read; `?undo` takes it back."""
    chosen = [int(text) for text in request.POST.getlist("signal") or request.GET.getlist("signal") if text.isdecimal()]
    if "undo" in request.GET:
        unread_signals(signals_of(access).filter(pk__in=chosen[:_MOST_AT_ONCE]))
        return HttpResponse(status=204)
    unread = signals_of(access).filter(read_at=None)
    ids = list((unread.filter(pk__in=chosen) if chosen else unread).values_list("pk", flat=True)[:_MOST_AT_ONCE])
    count = read_signals(signals_of(access).filter(pk__in=ids))
    said = ngettext("%(count)d signal was marked as read.", "%(count)d signals were marked as read.", count)
    undo = f"{reverse('crm_signals_reading', args=[access.org.pk])}?undo&" + "&".join(f"signal={pk}" for pk in ids)
    if count:
        messages.success(request, said % {"count": count}, extra_tags=undo)
    return redirect("crm_signals", access.org.pk)


def _filters(access: CrmAccess, kind: str, *, is_unread: bool) -> list[Filter]:
    url = reverse("crm_signals", args=[access.org.pk])
    return [
        Filter(_("All"), url, None, is_current=not kind and not is_unread),
        Filter(_("Unread"), f"{url}?show=unread", None, is_current=is_unread),
        *(Filter(one.label, f"{url}?kind={one.code}", None, is_current=one.code == kind) for one in SIGNAL_KINDS),
    ]


def _addresses(access: CrmAccess) -> dict[str, Any]:
    return {
        "org_id": access.org.pk,
        "signals_url": reverse("crm_signals", args=[access.org.pk]),
        "reading_url": reverse("crm_signals_reading", args=[access.org.pk]),
    }
