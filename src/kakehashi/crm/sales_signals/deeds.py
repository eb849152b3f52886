"""What people do with their signals: read, put off, silence. Each can be taken back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.ids import ids_in
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.ui.htmx import is_fragment, with_event, with_toast
from kakehashi.ui.templatetags.ui_words import moment
from kakehashi.ui.toasts import add_toast

from .actions import read_signals, unread_signals
from .models import Signal
from .muting import mute_customer, mute_thread, mutes_of
from .putting_off import put_off, take_up
from .queries import in_words, signals_of


@require_POST
@crm_page
def reading(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """Mark the chosen ones, or all, as read; `?undo` names the moment at which that was done, and takes it back."""
    if undone := _moment(request.GET.get("undo", "")):
        unread_signals(signals_of(access).filter(read_at=undone))
        return HttpResponse(status=204)
    chosen = ids_in(request.POST.getlist("signal"))
    found = signals_of(access).filter(pk__in=chosen) if chosen else signals_of(access)
    count, at = read_signals(found)
    said = ngettext("%(count)d signal was marked as read.", "%(count)d signals were marked as read.", count)
    undo = f"{reverse('crm_signals_reading', args=[access.org.pk])}?{urlencode({'undo': at.isoformat()})}"
    return _done(request, access, said % {"count": count} if count else "", undo)


@require_POST
@crm_page
def unreading(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    unread_signals(signals_of(access).filter(pk=_find(access, signal_id).pk))
    return _done(request, access)


@require_POST
@crm_page
def snooze(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    """Out of the way until a moment that `until` names."""
    found = _find(access, signal_id)
    until = put_off(signals_of(access).filter(pk=found.pk), request.POST.get("until", ""))
    if until is None:
        raise InvalidValues({"until": _("There is no such choice.")})
    said = _("This signal rings again at %(moment)s.") % {"moment": moment(until)}
    return _done(request, access, said, reverse("crm_signal_waking", args=[access.org.pk, found.pk]))


@require_POST
@crm_page
def waking(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    take_up(signals_of(access).filter(pk=_find(access, signal_id).pk))
    return _done(request, access)


@require_POST
@crm_page
def mute(request: HttpRequest, access: CrmAccess, signal_id: int) -> HttpResponse:
    """No more signals of the ticket (`of=thread`), or of the customer."""
    found = _find(access, signal_id)
    words = next((one.words for one in in_words(access, [found])), None)
    if request.POST.get("of") == "thread" and found.thread and words:
        muted, name = mute_thread(found, str(words.thread)), words.thread
    elif request.POST.get("of") == "customer" and found.record:
        muted, name = mute_customer(found), found.record.name
    else:
        raise InvalidValues({"of": _("There is no such choice.")})
    undo = reverse("crm_signal_mute_removal", args=[access.org.pk, muted.pk])
    return _done(request, access, _("You hear no more of %(name)s.") % {"name": name}, undo)


@require_POST
@crm_page
def mute_removal(request: HttpRequest, access: CrmAccess, mute_id: int) -> HttpResponse:
    deleted = mutes_of(access).filter(pk=mute_id).delete()[0]
    if not deleted:
        raise NotFound
    if is_fragment(request):
        return with_event(HttpResponse(status=204), "signals-changed")
    return redirect("crm_signal_habits", access.org.pk)


def _find(access: CrmAccess, signal_id: int) -> Signal:
    found = signals_of(access).filter(pk=signal_id).first()
    if found is None:
        raise NotFound
    return found


def _done(request: HttpRequest, access: CrmAccess, said: Text = "", undo: str = "") -> HttpResponse:
    """Lists on the page look again; without htmx the page of all signals is shown."""
    if is_fragment(request):
        answer = with_event(HttpResponse(status=204), "signals-changed")
        return with_toast(answer, said, undo=undo) if said else answer
    if said:
        add_toast(request, said, undo=undo)
    return redirect("crm_signals", access.org.pk)


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text) if text else None
    except ValueError:
        return None
