"""A cell of a list as HTML. A page shows hundreds of them: a template for each would take half of the page's time."""

from collections.abc import Sequence
from html import escape

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from kakehashi.crm.tags.models import Tag
from kakehashi.ui.templatetags.ui import avatar, pill
from kakehashi.ui.templatetags.ui_words import ago, moment_full

from .cells import Cell

_TAG = '<span class="k-tag is-{}">{}</span>'


def cell_html(cell: Cell) -> SafeString:
    """The whole `<td>`; its label is shown where a phone turns rows into cards."""
    label = escape(str(cell.label))
    look = ' class="is-empty"' if not cell.text else ' class="k-right k-num"' if cell.is_number else ""
    inside = _inside(cell)
    return mark_safe(f'<td data-label="{label}"{look}{_editing(cell)}>{inside}</td>')  # noqa: S308 - of what is escaped


def _editing(cell: Cell) -> str:
    return (
        f' tabindex="-1" data-cell="{escape(cell.name)}" data-edit="{escape(cell.edit_url)}"' if cell.edit_url else ""
    )


def _inside(cell: Cell) -> str:
    if cell.moment:
        return f'<span title="{escape(moment_full(cell.moment))}">{escape(ago(cell.moment))}</span>'
    if cell.tags:
        return f'<span class="k-tags-line">{format_html_join("", _TAG, _colours(cell.tags))}</span>'
    if cell.badges:
        return " ".join(pill(badge.label, badge.tone) for badge in cell.badges)
    text = escape(str(cell.text))
    if cell.is_person and text:
        return f'<span class="k-person">{avatar(cell.text, size="small")}<span class="k-cut">{text}</span></span>'
    return f'<a class="k-quiet-link" href="{escape(cell.url)}">{text}</a>' if cell.url else text


def _colours(tags: Sequence[Tag]) -> list[tuple[str, str]]:
    return [(tag.colour, tag.name) for tag in tags]
