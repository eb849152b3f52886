"""Lists of records."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.ids import ids_in
from kakehashi.core.patience import TookTooLong, at_most
from kakehashi.crm.list_layouts.choosing import choose_layout, layout_links
from kakehashi.crm.list_layouts.slots import ListLayout
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page, who_can
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.actions import delete_records, restore_records
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import (
    deletable_records,
    find_record,
    may_edit,
    names_for,
    restorable_records,
    visible_records,
)
from kakehashi.crm.records.slots import marks_on
from kakehashi.crm.sales_signals.marks import marks_of
from kakehashi.ui.addresses import NUMBER, numbered
from kakehashi.ui.htmx import is_fragment, with_toast

from .beside import cells_beside
from .cells import row_cells
from .choice import ListChoice, read_choice
from .columns import columns_of, read_columns
from .queries import COUNTED_ROWS, chosen_records, filter_problems, list_records
from .row_html import ListRow, row_html
from .tools import quick_filters, sorts_of
from .view_queries import Views, may_edit_view, views_of

_TEMPLATES = "crm/list_views/templates"
_MOST_AT_ONCE = 200
_PATIENCE_MILLISECONDS = 10_000


@require_GET
@crm_page
def home(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """To the contacts, or to the first tab there is."""
    visible = [module.api_name for module in access.schema if module.is_visible]
    if not visible:
        raise NotAllowed(_("Your profile opens no module."), who_can=who_can(access.org, "manage_people"))
    return redirect("crm_list", access.org.pk, "Contacts" if "Contacts" in visible else visible[0])


@require_GET
@crm_page
def records(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    module = access.schema[module_name]
    views = views_of(access, module)
    choice = read_choice(request.GET, module, views.chosen(request.GET.get("view", "")))
    layout = choose_layout(request, access, module)
    context = {**_frame(access, module, choice), **_view_context(access, module, views, choice)}
    context |= _laid_out(request, access, module, choice, layout)
    if is_fragment(request):
        template = "laid_out.html" if context.get("laid_out") else "rows.html"
        return render(request, f"{_TEMPLATES}/{template}", context)
    context["layouts"] = layout_links(request, module, layout)
    return render_module_page(request, access, module, f"{_TEMPLATES}/list.html", context)


@require_GET
@crm_page
def row(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """One line of a list again, after somebody changed its record; `?columns` says which the list shows."""
    module = access.schema[module_name]
    record = find_record(access, module_name, record_id)
    columns = read_columns(request.GET.get("columns", ""), module)
    [shown] = _rows(access, module, [record], columns)
    may_choose = _may_choose(access, module)
    return HttpResponse(row_html(shown, org_id=access.org.pk, columns_text=",".join(columns), may_choose=may_choose))


@require_POST
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """The chosen rows into the recycle bin, with a way back."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    allowed = deletable_records(access, module).filter(pk__in=chosen_ids(request))
    gone = delete_records(module, record_ids=list(allowed.values_list("pk", flat=True)), actor=access.actor)
    if gone:
        undo = reverse("crm_restoration", args=[access.org.pk, module.api_name])
        said = ngettext("%(count)d record was deleted.", "%(count)d records were deleted.", len(gone))
        ids = urlencode({"selected": gone}, doseq=True)
        messages.success(request, said % {"count": len(gone)}, extra_tags=f"{undo}?{ids}")
    return redirect(list_address(access, module, request.POST.get("query", "")))


@require_POST
@crm_page
def restoration(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Back from the recycle bin: the undo of a deletion."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    allowed = restorable_records(access, module).filter(pk__in=chosen_ids(request))
    ids = list(allowed.values_list("pk", flat=True))
    refused = restore_records(module, record_ids=ids, actor=access.actor)
    if is_fragment(request):
        return _undone(refused)
    for reason in refused:
        messages.error(request, str(reason))
    if len(ids) == 1 and visible_records(access, module).filter(pk=ids[0]).exists():
        return redirect("crm_record", access.org.pk, module.api_name, ids[0])
    return redirect(list_address(access, module, request.POST.get("query", "")))


def list_address(access: CrmAccess, module: ModuleSchema, query: str = "") -> str:
    address = reverse("crm_list", args=[access.org.pk, module.api_name])
    return f"{address}?{query}" if query else address


def chosen_ids(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("selected") or request.GET.getlist("selected")
    return ids_in(sent[:_MOST_AT_ONCE])


def _undone(refused: Sequence[InvalidValues]) -> HttpResponse:
    """For the toast's button, which puts nothing into the page: what could not come back is said in another toast."""
    response = HttpResponse(status=204)
    return with_toast(response, " ".join(str(reason) for reason in refused)) if refused else response


def _laid_out(
    request: HttpRequest, access: CrmAccess, module: ModuleSchema, choice: ListChoice, layout: ListLayout | None
) -> dict[str, Any]:
    """The records as the page shows them, or that the database was given up on: what was asked stays above, to be changed."""
    try:
        with at_most(_PATIENCE_MILLISECONDS):
            if layout:
                return {"laid_out": layout.render(request, access, module, chosen_records(access, module, choice))}
            return _table(access, module, choice)
    except TookTooLong:
        return {"took_too_long": True}


def _table(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> dict[str, Any]:
    page = list_records(access, module, choice)
    rows = _rows(access, module, page.records, choice.columns, is_read_only=choice.view.is_of_converted)
    ids = ",".join(str(record.pk) for record in page.records)
    marks_url = f"{reverse('crm_signal_marks', args=[access.org.pk])}?ids={ids}"
    return {"page": page, "rows": rows, "marks_url": marks_url, "live_marks": f"crm.signals:{access.person.pk}"}


def _frame(access: CrmAccess, module: ModuleSchema, choice: ListChoice) -> dict[str, Any]:
    """What stands around the records, however they are laid out."""
    address = [access.org.pk, module.api_name]
    return {
        "module": module,
        "org_id": access.org.pk,
        "access": access,
        "choice": choice,
        "counted_rows": COUNTED_ROWS,
        "columns": columns_of(module, choice.columns),
        "columns_text": ",".join(choice.columns),
        "filters": quick_filters(access, module, choice),
        "members": members_of(access),
        "list_url": reverse("crm_list", args=address),
        "new_url": reverse("crm_record_new", args=address),
        "import_url": reverse("crm_import_new", args=address),
        "merge_url": reverse("crm_merge_new", args=address),
        "may_merge": access.may("edit_records", module) and access.may("delete_records", module),
        "deletion_url": reverse("crm_deletion", args=address),
        "query": urlencode(choice.query()),
        "sorts": sorts_of(module, choice),
        "empty_sentence": _("There are no %(module)s yet.") % {"module": module.plural},
        "may_create": access.may("create_records", module),
        "may_import": access.may("import_records", module),
        "may_export": access.may("export_records", module),
        "may_edit": access.may("edit_records", module),
        "may_delete": access.may("delete_records", module),
        "may_choose": _may_choose(access, module) and not choice.view.is_of_converted,
    }


def _view_context(access: CrmAccess, module: ModuleSchema, views: Views, choice: ListChoice) -> dict[str, Any]:
    saved = choice.view.saved
    query = choice.query()
    return {
        "views": views,
        "view": choice.view,
        "view_is_ours": saved is not None and may_edit_view(access, saved),
        "my_views": [view for view in views.saved if view.saved and view.saved.owner_id == access.person.pk],
        "shared_views": [view for view in views.saved if view.saved and view.saved.owner_id != access.person.pk],
        "is_pinned": choice.view.key in views.pinned_keys,
        "is_default": choice.view.key == views.default_key,
        "problems": filter_problems(module, choice),
        "condition_count": sum(1 for _condition in choice.filter),
        "reset_query": urlencode({"view": choice.view.key}),
        "no_filter_query": urlencode({**query, "filter": ""}),
    }


def _may_choose(access: CrmAccess, module: ModuleSchema) -> bool:
    return any(access.may(permission, module) for permission in ("edit_records", "delete_records", "export_records"))


def _rows(
    access: CrmAccess,
    module: ModuleSchema,
    found: Sequence[Record],
    columns: Sequence[str],
    *,
    is_read_only: bool = False,
) -> list[ListRow]:
    names = names_for(found, module, access)
    beside = cells_beside(access, found, columns)
    ids = [record.pk for record in found]
    signals, marks = marks_of(access, ids), marks_on(access, module, ids)
    address_of = numbered("crm_record", access.org.pk, module.api_name, NUMBER)
    return [
        ListRow(
            record,
            address_of(record.pk),
            row_cells(
                access.org.pk,
                record,
                module,
                names,
                columns,
                is_editable=not is_read_only and may_edit(access, record),
                beside=beside.get(record.pk, {}),
            ),
            mark=signals[record.pk],
            marks=marks[record.pk],
            is_live=not is_read_only,
        )
        for record in found
    ]
