"""The recycle bin of an org: find, restore, delete for good."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import NotAllowed
from kakehashi.core.ids import ids_in
from kakehashi.core.keeping import DAY_CHOICES, is_choice, read_choice
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page, who_can
from kakehashi.crm.records.actions import restore_records
from kakehashi.crm.records.belongings import count_belongings
from kakehashi.crm.records.models import Record
from kakehashi.crm.settings.pages import render_settings
from kakehashi.ui.recycle_bin.leaving import Leaving, leaving_of

from .actions import change_keeping, purge_records
from .queries import BinChoice, bin_modules, bin_records, deleters, keep_days, namers_of

_TEMPLATES = "crm/recycle_bin/templates"
_ROWS = 50
_MOST_AT_ONCE = 200


@require_GET
@crm_page
def recycle_bin(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    access.require("delete_records")
    choice = _read_choice(request)
    page = Paginator(bin_records(access, choice), _ROWS).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": _rows(access, list(page.object_list), keep_days(access.org)),
        "choice": choice,
        "modules": bin_modules(access),
        "people": deleters(access),
        "bin_url": reverse("crm_bin", args=[access.org.pk]),
        "restoration_url": reverse("crm_bin_restoration", args=[access.org.pk]),
        "purging_url": reverse("crm_bin_purging", args=[access.org.pk]) if _may_purge(access) else "",
        "keeping_url": reverse("crm_bin_keeping", args=[access.org.pk]) if _may_purge(access) else "",
        "days": keep_days(access.org),
        "day_choices": DAY_CHOICES,
    }
    return render_settings(request, access, f"{_TEMPLATES}/bin.html", "bin", context)


@require_POST
@crm_page
def restoration(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """The chosen ones come back; who cannot, is said with the reason."""
    access.require("delete_records")
    records = _chosen(request, access)
    count = 0
    for module, some in _by_module(access, records):
        for record in some:
            if reasons := restore_records(module, record_ids=[record.pk], actor=access.actor):
                said = " ".join(str(sentence) for sentence in reasons[0].by_field.values())
                messages.error(request, _("“%(name)s” stays here. %(reason)s") % {"name": record.name, "reason": said})
            else:
                count += 1
    if count:
        said = ngettext("%(count)d record is back.", "%(count)d records are back.", count)
        messages.success(request, said % {"count": count})
    return redirect("crm_bin", access.org.pk)


@require_http_methods(["GET", "POST"])
@crm_page
def purging(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """What would be erased, with counts; POST with the typed words does it. A selection that is posted first is shown."""
    _require_purge(access)
    records = _chosen(request, access)
    if request.method == "POST" and "typed" not in request.POST:
        query = urlencode({"selected": [record.pk for record in records]}, doseq=True)
        return redirect(f"{reverse('crm_bin_purging', args=[access.org.pk])}?{query}")
    words = pgettext("typed to confirm", "delete for good")
    typed = request.POST.get("typed", "").strip()
    if request.method == "GET" or typed != words or not records:
        return _show_purging(request, access, records, words, typed)
    gone = purge_records(access.org, record_ids=[record.pk for record in records], actor=access.actor)
    said = ngettext("%(count)d record was erased.", "%(count)d records were erased.", len(gone))
    messages.success(request, said % {"count": len(gone)})
    return redirect("crm_bin", access.org.pk)


@require_POST
@crm_page
def keeping(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """After how many days the bin empties itself."""
    _require_purge(access)
    sent = request.POST.get("days", "")
    if is_choice(sent):
        change_keeping(access.org, days=read_choice(sent), actor=access.actor)
        messages.success(request, _("Saved."))
    return redirect("crm_bin", access.org.pk)


def _rows(access: CrmAccess, records: Sequence[Record], days: int | None) -> list[tuple[Record, ModuleSchema, Leaving]]:
    names = namers_of([record.pk for record in records])
    return [
        (
            record,
            access.schema.by_id[record.module_id],
            leaving_of(record.deleted_at, days, _words(names.get(record.pk))),
        )
        for record in records
    ]


def _words(namers: int | None) -> str:
    return ngettext("%(count)d record", "%(count)d records", namers) % {"count": namers} if namers else ""


def _show_purging(
    request: HttpRequest, access: CrmAccess, records: Sequence[Record], words: str, typed: str
) -> HttpResponse:
    is_wrong = request.method == "POST" and bool(records)
    context: dict[str, Any] = {
        "groups": [(module, len(some)) for module, some in _by_module(access, records)],
        "count": len(records),
        "names": [record.name for record in records[:10]],
        "ids": [record.pk for record in records],
        "namers": sum(namers_of([record.pk for record in records]).values()),
        "belongings": count_belongings([record.pk for record in records]),
        "words": words,
        "typed": typed,
        "is_wrong": is_wrong,
        "bin_url": reverse("crm_bin", args=[access.org.pk]),
    }
    status = 422 if request.method == "POST" else 200
    return render_settings(request, access, f"{_TEMPLATES}/purging.html", "bin", context, status=status)


def _read_choice(request: HttpRequest) -> BinChoice:
    query = request.GET
    return BinChoice(query.get("module", ""), query.get("person", ""), query.get("q", "").strip())


def _chosen(request: HttpRequest, access: CrmAccess) -> list[Record]:
    sent = request.POST.getlist("selected") or request.GET.getlist("selected")
    ids = ids_in(sent[:_MOST_AT_ONCE])
    return list(bin_records(access, BinChoice()).filter(pk__in=ids))


def _by_module(access: CrmAccess, records: Sequence[Record]) -> list[tuple[ModuleSchema, list[Record]]]:
    grouped: dict[int, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.module_id, []).append(record)
    return [(access.schema.by_id[module_id], some) for module_id, some in grouped.items()]


def _may_purge(access: CrmAccess) -> bool:
    """Only an administrator: there is no way back."""
    return access.membership.profile.is_administrator


def _require_purge(access: CrmAccess) -> None:
    if not _may_purge(access):
        raise NotAllowed(who_can=who_can(access.org, "manage_organisation"))
