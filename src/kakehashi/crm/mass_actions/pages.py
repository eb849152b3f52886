"""Changing many records: a dialog that says what will happen, progress one can leave, an account of the result, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import NotFound, ProductError
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.reasons import reason_from_json
from kakehashi.core.fields.registry import kind_of
from kakehashi.crm.list_views.choice import ListChoice, read_choice
from kakehashi.crm.list_views.pages import chosen_ids, list_address
from kakehashi.crm.list_views.view_queries import views_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.records.queries import (
    deletable_records,
    editable_records,
    person_names,
    record_names,
    visible_records,
)
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

from .actions import may_resume, may_undo, resume_mass_action, start_mass_deletion, start_mass_update, undo_mass_action
from .forms import changeable_fields, value_form
from .models import MassAction, MassActionRow, MassKind, MassRowState, MassState
from .selection import Selection, everything_of, selected_records, selection_problems

_TEMPLATES = "crm/mass_actions/templates"
_TOLD_ROWS = 50


@require_http_methods(["GET", "POST"])
@crm_page
def update(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Choose a field and its value for all chosen records."""
    module = access.schema[module_name]
    access.require("edit_records", module)
    data = request.GET if request.method == "GET" else request.POST
    fields = {field.api_name: field for field in changeable_fields(module)}
    name = data.get("field", "")
    if name not in fields:
        name = next(iter(fields), "")
    if request.method == "GET" or not name:
        form = value_form(access, module, name)
        template = "value.html" if "value" in request.GET else "update.html"
        return _show(
            request,
            access,
            module,
            template,
            {"form": form, "bound": form[name] if name else None, "fields": fields.values(), "name": name},
        )
    form = value_form(access, module, name, request.POST)
    if form.is_valid():
        changes = {name: form.cleaned_data[name]}
        return _begin(
            request,
            access,
            module,
            lambda meant: start_mass_update(access, module=module, selection=meant, changes=changes),
        )
    return _show(
        request,
        access,
        module,
        "update.html",
        {"form": form, "bound": form[name], "fields": fields.values(), "name": name},
        status=422,
    )


@require_http_methods(["GET", "POST"])
@crm_page
def deletion(request: HttpRequest, access: CrmAccess, module_name: str) -> HttpResponse:
    """Everything a list shows into the recycle bin, after saying how many that are."""
    module = access.schema[module_name]
    access.require("delete_records", module)
    if request.method == "GET":
        return _show(request, access, module, "deletion.html", {})
    return _begin(request, access, module, lambda meant: start_mass_deletion(access, module=module, selection=meant))


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, action_id: int) -> HttpResponse:
    """How far it is; when it is done, what became of the records."""
    action, module = _find(access, action_id)
    context = _account(access, action, module, request)
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/account.html", context)
    return render_page(
        request, f"{_TEMPLATES}/show.html", context, workspace=workspace_of(access), active=module.api_name
    )


@require_GET
@crm_page
def all_actions(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    """One's own mass changes, for an administrator everybody's."""
    actions = _own(access).select_related("undoes").order_by("-pk")
    page = Paginator(actions, 50).get_page(request.GET.get("page", "1"))
    rows = [
        (action, _sentence(access, action), reverse("crm_mass_action", args=[access.org.pk, action.pk]))
        for action in page
    ]
    return render_page(request, f"{_TEMPLATES}/all.html", {"rows": rows, "page": page}, workspace=workspace_of(access))


@require_POST
@crm_page
def undo(request: HttpRequest, access: CrmAccess, action_id: int) -> HttpResponse:
    """Take it back, as far as nobody went on from there."""
    action, _module = _find(access, action_id)
    back = undo_mass_action(access, action)
    address = reverse("crm_mass_action", args=[access.org.pk, back.pk])
    if not is_fragment(request):
        return redirect(address)
    response = HttpResponse(status=204)
    if back.state == MassState.RUNNING or back.skipped_count:
        response.headers["HX-Redirect"] = address
    return response


@require_POST
@crm_page
def resumption(request: HttpRequest, access: CrmAccess, action_id: int) -> HttpResponse:
    """Go on where it failed."""
    action, _module = _find(access, action_id)
    resume_mass_action(access, action)
    return redirect("crm_mass_action", access.org.pk, action.pk)


def _begin(request: HttpRequest, access: CrmAccess, module: ModuleSchema, start: Any) -> HttpResponse:
    """Few are done already: back to the list, with a way back. Many: to the page that shows how far it is."""
    meant = _selection(request.POST, access, module, request)
    try:
        action: MassAction = start(meant)
    except ProductError as refused:
        if refused.status != 422:
            raise
        return _show(request, access, module, "refused.html", {"refusal": refused.message}, status=422)
    response = HttpResponse(status=204)
    if action.state == MassState.FINISHED and not action.skipped_count:
        undo_url = reverse("crm_mass_action_undo", args=[access.org.pk, action.pk]) if may_undo(action) else ""
        add_toast(request, _done_words(action), undo=undo_url)
        response.headers["HX-Redirect"] = list_address(access, module, request.POST.get("query", ""))
    else:
        response.headers["HX-Redirect"] = reverse("crm_mass_action", args=[access.org.pk, action.pk])
    return response


def _done_words(action: MassAction) -> str:
    count = action.changed_count
    if action.kind == MassKind.DELETE:
        return ngettext("%(count)d record was deleted.", "%(count)d records were deleted.", count) % {"count": count}
    return ngettext("%(count)d record was changed.", "%(count)d records were changed.", count) % {"count": count}


def _selection(data: QueryDict, access: CrmAccess, module: ModuleSchema, request: HttpRequest) -> Selection:
    if data.get("everything"):
        return everything_of(_choice(data, access, module))
    return Selection(ids=tuple(chosen_ids(request)))


def _choice(data: QueryDict, access: CrmAccess, module: ModuleSchema) -> ListChoice:
    query = QueryDict(data.get("query", ""))
    return read_choice(query, module, views_of(access, module).chosen(query.get("view", "")))


def _show(
    request: HttpRequest,
    access: CrmAccess,
    module: ModuleSchema,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """The dialog with its preview: how many are meant, and how many of them this person may not change."""
    data = request.GET if request.method == "GET" else request.POST
    meant = _selection(data, access, module, request)
    chosen = selected_records(access, module, meant).order_by()
    allowed = deletable_records if template == "deletion.html" else editable_records
    total = chosen.count()
    can = chosen.filter(pk__in=allowed(access, module).values("pk")).count()
    address = [access.org.pk, module.api_name]
    frame = {
        "module": module,
        "counted": total,
        "left_out": total - can,
        "problems": selection_problems(module, meant),
        "selected": meant.ids,
        "everything": "1" if meant.is_everything else "",
        "query": data.get("query", ""),
        "update_url": reverse("crm_mass_update_new", args=address),
        "deletion_url": reverse("crm_mass_deletion_new", args=address),
    }
    return render(request, f"{_TEMPLATES}/{template}", {**frame, **context}, status=status)


def _own(access: CrmAccess) -> Any:
    actions = MassAction.objects.filter(org=access.org)
    return actions if access.membership.profile.is_administrator else actions.filter(started_by=access.person)


def _find(access: CrmAccess, action_id: int) -> tuple[MassAction, ModuleSchema]:
    action = _own(access).select_related("undoes").filter(pk=action_id).first()
    module = access.schema.by_id.get(action.module_id) if action else None
    if action is None or module is None:
        raise NotFound
    return action, module


def _account(access: CrmAccess, action: MassAction, module: ModuleSchema, request: HttpRequest) -> dict[str, Any]:
    skipped = MassActionRow.objects.filter(action=action, state=MassRowState.SKIPPED).order_by("record_id")
    page = Paginator(skipped, _TOLD_ROWS).get_page(request.GET.get("page", "1"))
    undone = MassAction.objects.filter(undoes=action).first()
    return {
        "action": action,
        "module": module,
        "sentence": _sentence(access, action),
        "is_running": action.state == MassState.RUNNING,
        "page": page,
        "skipped": _skipped_rows(access, module, list(page.object_list)),
        "url": reverse("crm_mass_action", args=[access.org.pk, action.pk]),
        "undo_url": reverse("crm_mass_action_undo", args=[access.org.pk, action.pk]) if may_undo(action) else "",
        "resume_url": reverse("crm_mass_action_resumption", args=[access.org.pk, action.pk])
        if may_resume(access, action)
        else "",
        "undone_url": reverse("crm_mass_action", args=[access.org.pk, undone.pk]) if undone else "",
        "list_url": list_address(access, module),
        "all_url": reverse("crm_mass_actions", args=[access.org.pk]),
    }


def _skipped_rows(access: CrmAccess, module: ModuleSchema, rows: Sequence[MassActionRow]) -> list[dict[str, Any]]:
    """Names only of what this person may see."""
    ids = [row.record_id for row in rows]
    names = dict(visible_records(access, module).filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "name": names.get(row.record_id) or _("Record %(number)s") % {"number": row.record_id},
            "url": reverse("crm_record", args=[access.org.pk, module.api_name, row.record_id])
            if row.record_id in names
            else "",
            "sentences": [_reason_words(module, reason) for reason in row.reasons],
        }
        for row in rows
    ]


def _reason_words(module: ModuleSchema, reason: Sequence[Any]) -> str:
    field = module.fields.get(str(reason[0]))
    sentence = str(reason_from_json(list(reason[1:])))
    return f"{field.label}: {sentence}" if field else sentence


def _sentence(access: CrmAccess, action: MassAction) -> str:
    """What was done, in words: "Stage → Closed won"."""
    module = access.schema.by_id.get(action.module_id)
    if action.undoes_id:
        return _("Taking back mass change #%(number)s") % {"number": action.undoes_id}
    if action.kind == MassKind.DELETE or module is None:
        return _("Deletion of %(module)s") % {"module": module.plural if module else ""}
    return ", ".join(_change_words(access, module, name, value) for name, value in action.changes.items())


def _change_words(access: CrmAccess, module: ModuleSchema, name: str, value: Any) -> str:
    field = module.fields.get(name)
    if field is None:
        return name
    ids = [value] if isinstance(value, int) and not isinstance(value, bool) else []
    names = Names(record_names(access.org.pk, ids), person_names(ids), access.org.currency)
    shown = kind_of(field).display(value, field, names) if value is not None else _("(empty)")
    return f"{field.label} → {shown}"
