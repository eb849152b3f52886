"""Making and changing contacts, accounts and products by form: one way for all three."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kakehashi.core.errors import InvalidValues, StaleVersion, Text
from kakehashi.core.ids import id_in
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.workspace import workspace_of
from kakehashi.desk.records.forms import RecordForm, differences, initial_of
from kakehashi.desk.records.writing import Draft, Kind, Row, write_one
from kakehashi.ui.shell.workspace import render_page

from .models import Account


@dataclass(frozen=True, slots=True)
class Editing(Generic[Row]):
    """The words and pages of one kind."""

    kind: Kind[Row]
    page: str
    active: str
    new_title: Text
    edit_title: Text
    cancel: str
    initial: Callable[[HttpRequest], dict[str, Any]] = field(default=lambda request: {})


def new_record(request: HttpRequest, access: DeskAccess, editing: Editing[Row]) -> HttpResponse:
    access.require("may_edit_customers")
    account_url = reverse("desk_account_options", args=[access.portal.pk])
    if request.method != "POST":
        form = RecordForm(editing.kind.fields, account_url=account_url, initial=editing.initial(request))
        return _form_page(request, access, editing, form, None)
    form = RecordForm(editing.kind.fields, request.POST, account_url=account_url)
    if form.is_valid():
        try:
            record = write_one(editing.kind, access.portal, Draft(form.values()), access.actor)
        except InvalidValues as invalid:
            form.refuse(invalid)
        else:
            return redirect(editing.page, access.portal.pk, record.pk)
    return _form_page(request, access, editing, form, None, status=422)


def edit_record(request: HttpRequest, access: DeskAccess, editing: Editing[Row], record: Row) -> HttpResponse:
    """The form again with both values when somebody else saved first; saving once more then writes over what was seen."""
    access.require("may_edit_customers")
    account_url = reverse("desk_account_options", args=[access.portal.pk])
    if request.method != "POST":
        form = RecordForm(editing.kind.fields, account_url=account_url, initial=initial_of(editing.kind, record))
        return _form_page(request, access, editing, form, record)
    form = RecordForm(editing.kind.fields, request.POST, account_url=account_url)
    if not form.is_valid():
        return _form_page(request, access, editing, form, record, status=422)
    draft = Draft(form.values(), record.pk, form.cleaned_data["version"])
    try:
        write_one(editing.kind, access.portal, draft, access.actor)
    except InvalidValues as invalid:
        form.refuse(invalid)
        return _form_page(request, access, editing, form, record, status=422)
    except StaleVersion:
        clash = differences(editing.kind, record, form)
        form.data = {**form.data, "version": str(record.version)}
        return _form_page(request, access, editing, form, record, clash=clash, status=409)
    return redirect(editing.page, access.portal.pk, record.pk)


def _form_page(
    request: HttpRequest,
    access: DeskAccess,
    editing: Editing[Row],
    form: RecordForm,
    record: Row | None,
    *,
    clash: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    _show_chosen_account(access, form)
    context = {
        "access": access,
        "form": form,
        "record": record,
        "title": editing.edit_title if record else editing.new_title,
        "cancel": reverse(editing.page, args=[access.portal.pk, record.pk]) if record else editing.cancel,
        "clash": clash,
    }
    return render_page(
        request,
        "desk/customers/templates/form.html",
        context,
        workspace=workspace_of(access),
        active=editing.active,
        status=status,
    )


def _show_chosen_account(access: DeskAccess, form: RecordForm) -> None:
    """The searched list holds no option but the one that is chosen."""
    if "accountId" not in form.fields:
        return
    value = str(form["accountId"].value() or "")
    chosen = Account.objects.filter(portal=access.portal, pk=id_in(value) or 0).first()
    widget: Any = form.fields["accountId"].widget
    widget.choices = [("", ""), *([(chosen.pk, chosen.name)] if chosen else [])]
