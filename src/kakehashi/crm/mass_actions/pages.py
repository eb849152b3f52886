"""How a change of many records goes, an account of its result, and the way back."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.core.errors import NotFound, Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.fields.reasons import reason_from_json
from kakehashi.core.fields.registry import kind_of
from kakehashi.crm.list_views.pages import list_address
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import render_module_page, workspace_of
from kakehashi.crm.records.queries import (
    person_names,
    record_names,
    visible_records,
)
from kakehashi.ui.htmx import is_fragment
from kakehashi.ui.shell.workspace import render_page

from .actions import may_resume, may_undo, resume_mass_action, undo_mass_action
from .models import MassAction, MassActionRow, MassKind, MassRowState, MassState

_TEMPLATES = "crm/mass_actions/templates"
_TOLD_ROWS = 50


@require_GET
@crm_page
def show(request: HttpRequest, access: CrmAccess, action_id: int) -> HttpResponse:
    """How far it is; when it is done, what became of the records."""
    action, module = _find(access, action_id)
    context = _account(access, action, module, request)
    if is_fragment(request):
        return render(request, f"{_TEMPLATES}/account.html", context)
    return render_module_page(request, access, module, f"{_TEMPLATES}/show.html", context)


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
    if action.kind in _TAG_WORDS:
        names = pgettext("between things", ", ").join(action.changes["names"])
        return _TAG_WORDS[action.kind] % {"tags": names}
    if action.kind == MassKind.DELETE or module is None:
        return _("Deletion of %(module)s") % {"module": module.plural if module else ""}
    return ", ".join(_change_words(access, module, name, value) for name, value in action.changes.items())


_TAG_WORDS: dict[str, Text] = {
    MassKind.TAG: gettext_lazy("Add tags: %(tags)s"),
    MassKind.UNTAG: gettext_lazy("Remove tags: %(tags)s"),
}


def _change_words(access: CrmAccess, module: ModuleSchema, name: str, value: Any) -> str:
    field = module.fields.get(name)
    if field is None:
        return name
    ids = [value] if isinstance(value, int) and not isinstance(value, bool) else []
    names = Names(record_names(access.org.pk, ids), person_names(ids), access.org.currency)
    shown = kind_of(field).display(value, field, names) if value is not None else _("(empty)")
    return f"{field.label} → {shown}"
