"""Cells of what lies beside a record and is asked for all rows of a page at once: its tags, and what a lead became."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kakehashi.crm.leads.became import became
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.queries import tags_of

from .cells import Cell
from .columns import BECAME, TAGS


def cells_beside(access: CrmAccess, records: Sequence[Record], columns: Sequence[str]) -> dict[int, dict[str, Cell]]:
    """By record and column. A query for each of these columns that the list shows, however many rows."""
    found: dict[int, dict[str, Cell]] = {record.pk: {} for record in records}
    if TAGS in columns:
        tags = tags_of(found)
        for pk, cells in found.items():
            held = tags.get(pk, [])
            cells[TAGS] = Cell(_("Tags"), ", ".join(tag.name for tag in held), name=TAGS, tags=held)
    if BECAME in columns:
        for pk, (text, url) in became(access, found).items():
            found[pk][BECAME] = Cell(_("Converted into"), text, url=url, name=BECAME)
    return found
