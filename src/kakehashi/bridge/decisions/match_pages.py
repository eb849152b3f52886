"""Unclear matches: evidence side by side, one click to decide, several at once; and what was left apart (design §6)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.bridge.connection.pages import open_connection, show_page
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.encounters import NEW
from kakehashi.bridge.sync.held import APART
from kakehashi.bridge.sync.models import Link, Module
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import InvalidValues
from kakehashi.core.ids import ids_in, is_id
from kakehashi.ui.templatetags.ui_lists import Filter, query_with
from kakehashi.ui.toasts import add_toast

from .match_actions import ONLY, decide_matches, match_after_all
from .matches import REASONS, counts_of, left_apart, open_matches, page_of, questions

TEMPLATES = "bridge/decisions/templates"


@require_GET
@org_page
def matches(request: HttpRequest, visit: Visit) -> HttpResponse:
    connection = open_connection(visit)
    module, reason = request.GET.get("module", ""), request.GET.get("reason", "")
    shows_apart = request.GET.get("show") == "apart"
    links = left_apart if shows_apart else open_matches
    page = page_of(links(connection, module=module, reason=reason), request.GET.get("page", ""))
    waiting, apart = counts_of(open_matches(connection)), counts_of(left_apart(connection))
    modules, reasons = apart if shows_apart else waiting
    context = {
        "page": page,
        "questions": questions(connection, list(page), visit.actor),
        "shows_apart": shows_apart,
        "states": _states(request, sum(waiting[0].values()), sum(apart[0].values()), shows_apart=shows_apart),
        "modules": _pills(request, "module", dict(Module.choices), modules),
        "reasons": _pills(request, "reason", REASONS, reasons),
        "query": request.GET.urlencode(),
    }
    return show_page(request, visit, f"{TEMPLATES}/matches.html", context)


@require_POST
@org_page
def match_decisions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`one` is "link:choice"; else `all` is what holds for every link in `selected`."""
    connection = open_connection(visit)
    choices = _sent_choices(request)
    if request.POST.get("all") == ONLY:
        choices = _only_candidates(Link.objects.filter(connection=connection, pk__in=choices))
    if not choices:
        raise InvalidValues({"selected": _("Choose at least one record.")})
    decided = decide_matches(connection, choices, actor=visit.actor)
    told = ngettext("%(count)s record decided.", "%(count)s records decided.", decided) % {"count": decided}
    add_toast(request, told if decided else _("Somebody else has decided that already."))
    return _back(request, visit)


@require_POST
@org_page
def match_reopenings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Those left apart are to be matched after all."""
    ids = ids_in([*request.POST.getlist("selected"), request.POST.get("one", "")])
    match_after_all(open_connection(visit), ids)
    add_toast(request, _("It is being looked at again."))
    return _back(request, visit)


def _sent_choices(request: HttpRequest) -> dict[int, str]:
    link, _colon, choice = request.POST.get("one", "").partition(":")
    if is_id(link):
        return {int(link): choice}
    everything = request.POST.get("all", "")
    if everything not in (NEW, APART, ONLY):
        return {}
    return dict.fromkeys(ids_in(request.POST.getlist("selected")), everything)


def _only_candidates(links: Any) -> dict[int, str]:
    """Of those that have just one."""
    found = {link.pk: link.evidence.get("candidates", []) for link in links}
    return {link_id: str(candidates[0]) for link_id, candidates in found.items() if len(candidates) == 1}


def _back(request: HttpRequest, visit: Visit) -> HttpResponseRedirect:
    query = request.GET.urlencode()
    return redirect(reverse("desk_integration_matches", args=[visit.org_id]) + (f"?{query}" if query else ""))


def _states(request: HttpRequest, waiting: int, apart: int, *, shows_apart: bool) -> list[Filter]:
    return [
        Filter(_("To decide"), request.path, waiting, not shows_apart),
        Filter(_("Left apart"), f"{request.path}?show=apart", apart, shows_apart),
    ]


def _pills(request: HttpRequest, name: str, labels: Mapping[str, Any], counts: Mapping[str, int]) -> list[Filter]:
    """Only what occurs; the chosen one can be let go."""
    chosen = request.GET.get(name, "")
    shown = [value for value in labels if counts.get(value) or value == chosen]
    return [
        Filter(
            labels[value],
            query_with(request, **{name: None if value == chosen else value, "page": None}),
            counts.get(value, 0),
            value == chosen,
        )
        for value in shown
    ]
