"""Taking a list home as a spreadsheet."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kakehashi.core.events.log import Fact, write_fact
from kakehashi.crm.list_views.choice import ListChoice, read_choice
from kakehashi.crm.list_views.pages import chosen_ids
from kakehashi.crm.list_views.queries import chosen_records
from kakehashi.crm.list_views.view_queries import views_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.ui.downloads.streaming import chosen_encoding, csv_download
from kakehashi.ui.templatetags.ui_words import number

from .writing import all_columns, export_lines

_MOST_COUNTED = 100_000


@require_GET
@crm_page
def new(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Which encoding, which columns; says how many records there will be."""
    module = access.schema[module_name]
    access.require("export_records", module)
    choice = _choice(request, access, module)
    ids = _ids(request)
    records = chosen_records(access, module, choice)
    records = records.filter(pk__in=ids) if ids else records
    total = records.order_by().values("pk")[: _MOST_COUNTED + 1].count()
    context = {
        "heading": _("Export %(module)s") % {"module": module.plural},
        "count_words": _count_words(total),
        "all_words": _("All fields you may see"),
        "state": choice.query(),
        "ids": ids,
        "url": reverse("crm_export", args=[access.org.pk, module.api_name]),
    }
    return render(request, "ui/downloads/templates/dialog.html", context)


@require_GET
@crm_page
def download(request: HttpRequest, access: CrmAccess, module_name: str) -> StreamingHttpResponse:
    """The file itself; that it was taken is written down first."""
    module = access.schema[module_name]
    access.require("export_records", module)
    choice = _choice(request, access, module)
    ids = _ids(request)
    records = chosen_records(access, module, choice)
    records = records.filter(pk__in=ids) if ids else records
    encoding = chosen_encoding(request)
    columns = all_columns(module) if request.GET.get("scope") == "all" else choice.columns
    _tell(access, module, choice, ids)
    lines = export_lines(records, module, columns, sort=choice.sort, encoding=encoding)
    return csv_download(lines, name=str(module.plural), plain_name=module.api_name, encoding=encoding)


def _count_words(total: int) -> str:
    if total > _MOST_COUNTED:
        return _("More than %(total)s records, in the order of the list.") % {"total": number(_MOST_COUNTED)}
    said = ngettext(
        "%(total)s record, in the order of the list.", "%(total)s records, in the order of the list.", total
    )
    return said % {"total": number(total)}


def _choice(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> ListChoice:
    """The state of the list as its toolbar sends it, or as its form carries it along."""
    query = QueryDict(request.GET["query"]) if request.GET.get("query") else request.GET
    return read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))


def _ids(request: HttpRequest) -> list[int]:
    return [] if request.GET.get("everything") else chosen_ids(request)


def _tell(access: CrmAccess, module: ModuleSchema, choice: ListChoice, ids: list[int]) -> None:
    data = {"module": module.api_name, "view": str(choice.view.name), "chosen": len(ids), "filter": choice.filter_text}
    with transaction.atomic():
        write_fact(Fact(access.org.tenant, "crm.records.exported", "crm.module", module.id, data), access.actor)
