"""同期の履歴: what the sync did and why, and taking it back with a plan first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.pages import find_connection, open_connection, show_page
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.sides.front import Visit
from kakehashi.bridge.sync.fields import Fields
from kakehashi.bridge.sync.models import Module
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.undo_plan import plan_undo
from kakehashi.bridge.sync.undoing import undo
from kakehashi.bridge.visits import org_page
from kakehashi.core.errors import NotFound
from kakehashi.core.ids import is_id
from kakehashi.core.keyset import read_page
from kakehashi.ui.templatetags.ui_words import number
from kakehashi.ui.toasts import add_toast

from .queries import LINES_PER_PAGE, JournalChoice, lasting_lines, lines_of, read_choice, undoable_lines
from .telling import Telling

TEMPLATES = "bridge/sync_journal/templates"
MOST_AT_ONCE = 200


@require_GET
@org_page
def journal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The newest first."""
    visit.require(DESK_INTEGRATION.code)
    connection, choice = find_connection(visit), read_choice(request.GET)
    page = read_page(
        lines_of(connection, choice),
        "id",
        is_falling=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=LINES_PER_PAGE,
    )
    context = {
        "connection": connection,
        "choice": choice,
        "lines": Telling(connection).lines(page.rows, only=choice.field),
        "page": page,
        "modules": Module.choices,
        "kinds": JournalRow.Kind.choices,
        "query": choice.query(),
        "without_subject": choice.query(crm_id="", desk_id="", run="", field="", since=""),
        "whole_record": choice.query(field=""),
        "field_label": Fields(connection).label(choice.module, "desk", choice.field)
        if choice.field and choice.module
        else "",
    }
    return show_page(request, visit, f"{TEMPLATES}/journal.html", context)


@require_http_methods(["GET", "POST"])
@org_page
def undoing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What taking back would do, of a line or of all lines of a record, of a run, since a moment, or of one field of them; then doing it."""
    connection = open_connection(visit)
    asked = _Asked.read(connection, request.GET if request.method == "GET" else request.POST)
    rows = asked.rows()
    if request.method == "POST":
        done = undo(connection, rows[:MOST_AT_ONCE], actor=visit.actor, only=asked.choice.field)
        count = sum(1 for one in done if one.does_something)
        text = ngettext("%(count)s line is taken back.", "%(count)s lines are taken back.", count)
        add_toast(request, text % {"count": number(count)} if count else _("Nothing could be taken back."))
        if len(rows) > MOST_AT_ONCE:
            rest = asked.choice.query(before=str(rows[MOST_AT_ONCE - 1].pk))
            return redirect(f"{reverse('desk_integration_undoing', args=[visit.org_id])}?{rest}")
        return redirect(_address(visit, asked.choice))
    return show_page(request, visit, f"{TEMPLATES}/undoing.html", _plan(visit, asked, rows))


def _plan(visit: Visit, asked: "_Asked", rows: Sequence[JournalRow]) -> dict[str, Any]:
    planned = plan_undo(asked.connection, rows[:MOST_AT_ONCE], only=asked.choice.field)
    refused = sum(1 for one in planned if not one.does_something)
    return {
        "undos": Telling(asked.connection).undos([one for one in planned if one.does_something or asked.line]),
        "count": sum(1 for one in planned if one.does_something),
        "refused": refused if asked.line else refused + lasting_lines(asked.connection, asked.choice).count(),
        "is_cut": len(rows) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "choice": asked.choice,
        "line": asked.line,
        "before": asked.before,
        "back": _address(visit, asked.choice),
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which lines somebody wants to take back: one, or those of a choice that are older than `before` (where a former part ended)."""

    connection: Connection
    choice: JournalChoice
    line: str
    before: str

    @classmethod
    def read(cls, connection: Connection, data: Mapping[str, str]) -> "_Asked":
        line, before = (value if is_id(value) else "" for value in (data.get("line", ""), data.get("before", "")))
        return cls(connection, read_choice(data), line, before)

    def rows(self) -> list[JournalRow]:
        """One more than are taken back at once. Raises `NotFound` for nothing, and for all that there is."""
        if self.line:
            found = list(lines_of(self.connection, self.choice).filter(pk=int(self.line)))
        elif self.choice.is_about_one:
            rows = undoable_lines(self.connection, self.choice)
            found = list((rows.filter(pk__lt=int(self.before)) if self.before else rows)[: MOST_AT_ONCE + 1])
        else:
            raise NotFound
        if not found and (self.line or not (self.choice.since or lines_of(self.connection, self.choice).exists())):
            raise NotFound
        return found


def _address(visit: Visit, choice: JournalChoice) -> str:
    return f"{reverse('desk_integration_journal', args=[visit.org_id])}?{choice.query()}"
