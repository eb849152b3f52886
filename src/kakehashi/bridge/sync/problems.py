"""What did not go through, in words, and trying it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side, desk_side
from kakehashi.bridge.sides.records import SideRecord
from kakehashi.core.errors import Text

from .mapping import BY_NAME
from .marking import Mark, mark
from .models import Dirty, Link

_HELD: Mapping[str, Text] = {
    "several_candidates": _("Several Desk records have the same %(field)s."),
    "shared_key": _("Several CRM records have the same %(field)s."),
    "candidate_is_linked": _("The Desk record with the same %(field)s belongs to another CRM record."),
    "candidate_had_link": _("The Desk record with the same %(field)s belonged to a CRM record that was deleted."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A CRM record that is not carried across: held for a person, or tried in vain."""

    module: str
    crm_id: int
    name: str
    url: str
    sentence: Text
    candidates: tuple[tuple[str, str], ...] = ()
    next_try_at: datetime | None = None


def held_problems(connection: Connection, *, limit: int = 50) -> Sequence[Problem]:
    """Records that a person must match, the oldest first."""
    links = list(Link.objects.filter(connection=connection, state=Link.State.HELD).order_by("agreed_at")[:limit])
    names = _crm_names(connection, [(link.module, link.crm_id) for link in links])
    return [_held(connection, link, names) for link in links]


def failing_problems(connection: Connection, *, limit: int = 50) -> Sequence[Problem]:
    """Records that could not be written, with the reason and when they are tried again."""
    failing = Dirty.objects.filter(connection=connection, side="crm").exclude(reason="").order_by("next_try_at")
    rows = list(failing[:limit])
    names = _crm_names(connection, [(row.module, row.record_id) for row in rows])
    return [
        Problem(
            row.module,
            row.record_id,
            *names.get((row.module, row.record_id), ("", "")),
            sentence=row.reason,
            next_try_at=row.next_try_at,
        )
        for row in rows
    ]


def try_again(connection: Connection, module: str, crm_id: int) -> None:
    """Look at one record again now."""
    if module in BY_NAME:
        mark(connection.pk, [Mark(BY_NAME[module].name, "crm", crm_id)])


def try_all_again(connection: Connection) -> int:
    """Look at everything again that is held or failing. Answers how many."""
    held = Link.objects.filter(connection=connection, state=Link.State.HELD)
    failing = Dirty.objects.filter(connection=connection, side="crm").exclude(reason="")
    marks = [Mark(BY_NAME[link.module].name, "crm", link.crm_id) for link in held]
    marks += [Mark(BY_NAME[row.module].name, "crm", row.record_id) for row in failing]
    mark(connection.pk, marks)
    return len(set(marks))


def _held(connection: Connection, link: Link, names: Mapping[tuple[str, int], tuple[str, str]]) -> Problem:
    desk, module = desk_side(connection.portal_id), BY_NAME[link.module]
    ids = [int(one) for one in link.evidence.get("candidates", [])]
    candidates = desk.fetch(module.desk, ids) if ids else {}
    field = next((pair.desk for pair in module.fields if pair.crm == link.evidence.get("field")), "")
    label = next(
        (
            str(one.label)
            for info in desk.describe()
            if info.api_name == module.desk
            for one in info.fields
            if one.api_name == field
        ),
        field,
    )
    name, url = names.get((link.module, link.crm_id), ("", ""))
    return Problem(
        module=link.module,
        crm_id=link.crm_id,
        name=name,
        url=url,
        sentence=_HELD.get(link.evidence.get("reason", ""), "") % {"field": label},
        candidates=tuple((name_of(one), desk.record_url(module.desk, one.id)) for one in candidates.values()),
    )


def _crm_names(connection: Connection, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
    crm, found = crm_side(connection.org_id), {}
    for name in {module for module, _id in wanted}:
        module = BY_NAME[name]
        records = crm.fetch(module.crm, [record_id for one, record_id in wanted if one == name])
        for record in records.values():
            found[name, record.id] = (name_of(record), crm.record_url(module.crm, record.id))
    return found


def name_of(record: SideRecord) -> str:
    """What a customer is called, from whichever side: the account's name, or last and first name."""
    values = record.values
    account = values.get("Account_Name") or values.get("accountName")
    if isinstance(account, str):
        return account
    parts = [values.get("Last_Name") or values.get("lastName"), values.get("First_Name") or values.get("firstName")]
    return " ".join(str(part) for part in parts if part)
