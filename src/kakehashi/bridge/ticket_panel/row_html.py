"""A line of the ticket block as HTML. The block is to be there at once: as a template its ten lines take a third of its time."""

from collections.abc import Sequence
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kakehashi.bridge.sides.tickets import TicketRow
from kakehashi.ui.templatetags.ui import PARTS, avatar, chip, pill
from kakehashi.ui.templatetags.ui_tickets import deadline, priority, rating, turn

from .showing import DealChip, Line


def row_html(line: Line, *, may_choose: bool, show_contact: bool) -> SafeString:
    """The whole row; `show_contact` where the record has tickets of several people."""
    row = line.row
    is_ours = row.is_our_turn and line.url and not line.solved
    return mark_safe(  # noqa: S308 - of what is escaped
        f'<div data-row="{row.id}" class="k-row{" is-ours" if is_ours else ""}">'
        f'<span class="k-row-check">{_choice(row) if may_choose else ""}</span><span class="k-row-number k-num">#{row.number}</span>'
        f'<div class="k-row-subject">{_subject(line)}<small><span class="k-cut">{_beside(row, show_contact)}</span>{_chips(line.deals)}</small></div>'
        f"{_state(line)}{_person(row.assignee_name)}"
        f'<div class="k-row-activity"><div class="k-cut">{escape(line.activity)}</div>{_turn(line)}</div>'
        f'<span class="k-row-rating">{rating(row.rating)}</span></div>'
    )


def _choice(row: TicketRow) -> str:
    label = escape(_("Select #%(number)s") % {"number": row.number})
    return (
        f'<input class="form-check-input" type="checkbox" name="selected" value="{row.id}" form="desk-tickets-chosen" '
        f'aria-label="{label}">'
    )


def _subject(line: Line) -> str:
    text = f'<span class="k-muted k-only-narrow">#{line.row.number}</span> {escape(line.row.subject)}'
    if not line.url:
        return f'<span class="k-cut">{text}</span>'
    return f'<a class="k-cut" href="{escape(line.url)}" data-sheet data-row-link>{text}</a>'


def _beside(row: TicketRow, show_contact: bool) -> str:
    said = [row.channel, row.product, row.contact_name if show_contact else ""]
    return escape(_(" · ")).join(escape(str(one)) for one in said if one)


def _chips(deals: Sequence[DealChip]) -> str:
    shown = (chip(deal.name, url=deal.url, picture="businessplan", low=True) for deal in deals)
    return "".join(render_to_string(f"{PARTS}/chip.html", one) for one in shown)


def _state(line: Line) -> str:
    level = priority(line.row.priority)
    status = pill(line.row.status_label, line.tone, hollow=line.is_hollow)
    due = (
        deadline(line.deadline, line.deadline_state) if line.deadline else '<span class="k-muted k-only-wide">—</span>'
    )
    return (
        f'<span class="k-row-state">{status}<span class="k-only-narrow">{level}</span></span>'
        f'<span class="bridge-priority k-only-wide">{level}</span><span class="k-row-deadline">{due}</span>'
    )


def _person(name: str) -> str:
    words = escape(name) if name else escape(_("Unassigned"))
    return f'<span class="k-row-person{"" if name else " k-muted"}">{avatar(name)}<span class="k-cut">{words}</span></span>'


def _turn(line: Line) -> str:
    if line.solved:
        return f'<span class="k-turn">{escape(line.solved)}</span>'
    return turn(line.row.is_our_turn) if line.url else ""
