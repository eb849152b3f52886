"""What a change of a module's settings means, said in words and figures before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sync.mapping import BY_NAME
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.setting_models import DeleteRule, Direction
from kakehashi.core.errors import Text

from .chosen import Settings


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that follows. `key` is what the page sends back to say that it was read; `is_grave` cannot be taken back by a click."""

    key: str
    text: Text
    is_grave: bool = False


def meaning_of(
    connection: Connection, module: str, before: Settings | None, wanted: Settings, *, waits: bool = False
) -> Sequence[Meaning]:
    """What follows if `before` (None: not kept in step so far) becomes `wanted`, in the order in which people should read it. `waits`: the
    module was added and is not started yet.
    """
    if before is None:
        coming = _of_direction(connection, module, wanted) if wanted.direction == Direction.BOTH else []
        return [*_of_addition(connection, module), *coming]
    found: list[Meaning] = []
    if wanted.direction != before.direction:
        found += _of_direction(connection, module, wanted)
    if wanted.delete_rule != before.delete_rule:
        found.append(_of_deletions(wanted))
    if wanted.match_secondary and _addresses(before) != _addresses(wanted):
        found.append(_of_addresses(wanted))
    if wanted.department_ids != before.department_ids:
        found.append(Meaning("departments", _("Products that come to the Desk from now on are offered there. Those that are in the Desk already stay as they are.")))  # fmt: skip
    if found and waits:
        return [Meaning("waits", _("None of this happens before the module is started.")), *found]
    return found


def unlinked_in_desk(connection: Connection, module: str) -> int:
    """Desk records that no CRM record goes with."""
    links = Link.objects.filter(connection=connection, module=module)
    known = Q(state=Link.State.LIVE) | Q(state__in=[Link.State.APART, Link.State.OUTSIDE], crm_id=None)
    kept = Q(state=Link.State.DEAD, ending__in=[Link.Ending.KEPT, Link.Ending.MERGED])
    return max(0, desk_side(connection.portal_id).count(BY_NAME[module].desk) - links.filter(known | kept).count())


def _addresses(settings: Settings) -> tuple[bool, bool]:
    return settings.match_secondary, settings.secondary_overwrites


def _of_addition(connection: Connection, module: str) -> list[Meaning]:
    pair = BY_NAME[module]
    crm = crm_side(connection.org_id).count(pair.crm)
    desk = desk_side(connection.portal_id).count(pair.desk)
    sentence = ngettext(
        "When you start it, %(crm)s CRM record is matched with the %(desk)s records of the Desk. If it has no partner there, it is made.",
        "When you start it, %(crm)s CRM records are matched with the %(desk)s records of the Desk. Those without a partner there are made.",
        crm,
    )
    return [
        Meaning("added", sentence % {"crm": f"{crm:,}", "desk": f"{desk:,}"}),
        Meaning(
            "stays",
            _("Once started, a module cannot be taken out of the sync again; sync can be paused."),
            is_grave=True,
        ),
    ]


def _of_direction(connection: Connection, module: str, wanted: Settings) -> list[Meaning]:
    if wanted.direction == Direction.TO_DESK:
        return [Meaning("one_way", _("Values of the CRM go to the Desk, and no longer the other way. What is edited or made in the Desk stays there; an edit holds until the CRM value changes. Pairs stay pairs."))]  # fmt: skip
    count = unlinked_in_desk(connection, module)
    coming = ngettext(
        "%(count)s Desk record without a partner is matched with the CRM's, or made there.",
        "%(count)s Desk records without a partner are matched with the CRM's, or made there.",
        count,
    ) % {"count": f"{count:,}"}
    return [
        Meaning("two_way", coming, is_grave=count > 0),
        Meaning(
            "desk_edits",
            _(
                "Values edited in the Desk go to the CRM, also those edited before now where the CRM value has not changed since."
            ),
        ),
    ]


def _of_deletions(wanted: Settings) -> Meaning:
    if wanted.delete_rule == DeleteRule.FOLLOW:
        return Meaning("follow", _("A record deleted on one side goes to the recycle bin on the other, from where it can be restored. What has tickets or is named by other records is kept and unlinked."))  # fmt: skip
    return Meaning("keep", _("A record deleted on one side stays on the other, and the two are unlinked."))


def _of_addresses(wanted: Settings) -> Meaning:
    if wanted.secondary_overwrites:
        return Meaning("overwrite", _("Contacts are also recognised by the secondary e-mail address. Where that joins two, the CRM's e-mail address replaces the one in the Desk; the old one is kept in the journal."), is_grave=True)  # fmt: skip
    return Meaning("secondary", _("Contacts are also recognised by the secondary e-mail address. Where that joins two, both keep their addresses."))  # fmt: skip
