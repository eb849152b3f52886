"""A cell of a list as HTML. A page shows hundreds of them: a template for each would take half of the page's time."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kakehashi.crm.tags.models import Tag
from kakehashi.ui.templatetags.ui import avatar, pill
from kakehashi.ui.templatetags.ui_words import ago, moment_full

from .cells import Cell

_EMPTY = mark_safe(' class="is-empty"')
_NUMBER = mark_safe(' class="k-right k-num"')
_PLAIN = mark_safe("")
_TAG = '<span class="k-tag is-{}">{}</span>'


def cell_html(cell: Cell) -> SafeString:
    """The whole `<td>`; its label is shown where a phone turns rows into cards."""
    look = _EMPTY if not cell.text else _NUMBER if cell.is_number else _PLAIN
    return format_html('<td data-label="{}"{}{}>{}</td>', cell.label, look, _editing(cell), _inside(cell))


def _editing(cell: Cell) -> SafeString:
    if not cell.edit_url:
        return _PLAIN
    return format_html(' tabindex="-1" data-cell="{}" data-edit="{}"', cell.name, cell.edit_url)


def _inside(cell: Cell) -> str:
    if cell.moment:
        return format_html('<span title="{}">{}</span>', moment_full(cell.moment), ago(cell.moment))
    if cell.tags:
        return format_html('<span class="k-tags-line">{}</span>', format_html_join("", _TAG, _colours(cell.tags)))
    if cell.badges:
        return format_html_join(" ", "{}", [(pill(badge.label, badge.tone),) for badge in cell.badges])
    if cell.is_person and cell.text:
        face = avatar(cell.text, size="small")
        return format_html('<span class="k-person">{}<span class="k-cut">{}</span></span>', face, cell.text)
    if cell.url:
        return format_html('<a class="k-quiet-link" href="{}">{}</a>', cell.url, cell.text)
    return cell.text


def _colours(tags: Sequence[Tag]) -> list[tuple[str, str]]:
    return [(tag.colour, tag.name) for tag in tags]
