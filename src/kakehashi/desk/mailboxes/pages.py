"""Mailboxes in the settings: how each one goes, and its form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page

from .actions import (
    add_mailbox,
    ask_for_reading,
    change_mailbox,
    disable_mailbox,
    enable_mailbox,
    remove_mailbox,
)
from .forms import MailboxForm
from .imap import MailboxTrouble, Trouble
from .models import Mailbox
from .reading import try_connection

_HERE = "desk/mailboxes/templates"
_COLUMNS = (
    "name", "department", "host", "port", "security", "username", "folder", "after_reading", "move_to", "takes_unread",
)  # fmt: skip


@require_GET
@desk_page
def mailboxes(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rows = Mailbox.objects.filter(portal=access.portal).select_related("department")
    context = {"mailboxes": [(mailbox, trouble_words(mailbox)) for mailbox in rows]}
    return settings_page(request, access, "mailboxes", f"{_HERE}/mailboxes.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def mailbox(request: HttpRequest, access: DeskAccess, mailbox_id: int | None = None) -> HttpResponse:
    """The form of a mailbox, a new one without an id."""
    access.require("may_administer")
    found = _find(access, mailbox_id) if mailbox_id else None
    form = MailboxForm(access.portal, request.POST or None, initial=_values(found))
    form.fields["password"].required = found is None
    if request.method == "POST" and form.is_valid():
        _save(access, found, form)
        messages.success(request, _("Saved"))
        return redirect("desk_mailboxes", access.portal.pk)
    context = {"form": form, "mailbox": found, "trouble": trouble_words(found) if found else ""}
    return settings_page(
        request, access, "mailboxes", f"{_HERE}/mailbox.html", context, status=422 if form.errors else 200
    )


@require_POST
@desk_page
def mailbox_test(request: HttpRequest, access: DeskAccess, mailbox_id: int) -> HttpResponse:
    """Sign in and look, without taking anything."""
    access.require("may_administer")
    found = _find(access, mailbox_id)
    try:
        count = try_connection(found)
    except MailboxTrouble as trouble:
        messages.error(request, f"{trouble.trouble.label} {trouble.detail}".strip())
    else:
        words = ngettext(
            "Connected: the folder holds %(count)s mail.", "Connected: the folder holds %(count)s mails.", count
        )
        messages.success(request, words % {"count": count})
    return redirect("desk_mailbox", access.portal.pk, found.pk)


@require_POST
@desk_page
def mailbox_reading(request: HttpRequest, access: DeskAccess, mailbox_id: int) -> HttpResponse:
    ask_for_reading(_find(access, mailbox_id), actor=access.actor)
    messages.success(request, _("The mailbox is read in a few seconds."))
    return redirect("desk_mailboxes", access.portal.pk)


@require_POST
@desk_page
def mailbox_activation(request: HttpRequest, access: DeskAccess, mailbox_id: int) -> HttpResponse:
    enable_mailbox(_find(access, mailbox_id), actor=access.actor)
    return redirect("desk_mailboxes", access.portal.pk)


@require_POST
@desk_page
def mailbox_deactivation(request: HttpRequest, access: DeskAccess, mailbox_id: int) -> HttpResponse:
    disable_mailbox(_find(access, mailbox_id), actor=access.actor)
    return redirect("desk_mailboxes", access.portal.pk)


@require_POST
@desk_page
def mailbox_deletion(request: HttpRequest, access: DeskAccess, mailbox_id: int) -> HttpResponse:
    remove_mailbox(_find(access, mailbox_id), actor=access.actor)
    messages.success(request, _("The mailbox was removed. Its mails stay."))
    return redirect("desk_mailboxes", access.portal.pk)


def trouble_words(mailbox: Mailbox) -> str:
    return str(Trouble(mailbox.error).label) if mailbox.error in Trouble.values else ""


def _save(access: DeskAccess, found: Mailbox | None, form: MailboxForm) -> None:
    password = form.cleaned_data["password"]
    if found is None:
        add_mailbox(access.portal, values=form.values(), password=password, actor=access.actor)
    else:
        change_mailbox(found, values=form.values(), password=password, actor=access.actor)


def _values(found: Mailbox | None) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _COLUMNS} if found else {}


def _find(access: DeskAccess, mailbox_id: int) -> Mailbox:
    found = Mailbox.objects.select_related("portal").filter(portal=access.portal, pk=mailbox_id).first()
    if found is None:
        raise NotFound
    return found
