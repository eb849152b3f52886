"""Records that wait for a person: why, in words, and carrying out what the person decides."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import side_of
from kakehashi.bridge.sides.records import OTHER, SideName
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, NotFound, Text
from kakehashi.core.events.subscribers import await_claim

from .encounters import NEW
from .links import live_ids
from .mapping import BY_NAME
from .marking import Mark, mark
from .models import Link
from .outcome_models import JournalRow

_HELD: Mapping[tuple[str, SideName], Text] = {
    ("several_candidates", "crm"): _("Several Desk records have the same %(field)s."),
    ("several_candidates", "desk"): _("Several CRM records have the same %(field)s."),
    ("shared_key", "crm"): _("Several CRM records have the same %(field)s."),
    ("shared_key", "desk"): _("Several Desk records have the same %(field)s."),
    ("candidate_is_linked", "crm"): _("The Desk record with the same %(field)s belongs to another CRM record."),
    ("candidate_is_linked", "desk"): _("The CRM record with the same %(field)s belongs to another Desk record."),
    ("candidate_is_apart", "crm"): _("The Desk record with the same %(field)s was left without a partner by a person."),
    ("candidate_is_apart", "desk"): _("The CRM record with the same %(field)s was left without a partner by a person."),
    ("candidate_differs", "crm"): _(
        "The Desk record with the same %(field)s has another name or place: perhaps it is somebody else."
    ),
    ("candidate_differs", "desk"): _(
        "The CRM record with the same %(field)s has another name or place: perhaps it is somebody else."
    ),
    ("candidate_had_link", "crm"): _(
        "The Desk record with the same %(field)s belonged to a CRM record that was deleted."
    ),
    ("candidate_had_link", "desk"): _(
        "The CRM record with the same %(field)s belonged to a Desk record that was deleted."
    ),
}
_TAKEN: Mapping[SideName, Text] = {  # not by what both say, but by a former link or an earlier attempt
    "crm": _("Its Desk record belongs to another CRM record by now."),
    "desk": _("Its CRM record belongs to another Desk record by now."),
}
APART = "apart"
_FORMER = "former"  # in a link's evidence: the partner that was taken back


def why_held(evidence: Mapping[str, Any], side: SideName, field: str) -> Text:
    """Why a record of a side waits for a person, with what people call the field that made it so."""
    if not evidence.get("field") and evidence.get("reason") == "candidate_is_linked":
        return _TAKEN[side]
    return _HELD.get((evidence.get("reason", ""), side), "") % {"field": field}


@transaction.atomic
def decide_match(connection: Connection, link_id: int, choice: str, *, actor: Actor) -> Link:
    """What a person says about a held record: the id of whom it is, "new" for somebody new, "apart" to leave it without a partner.

    The next look carries it out; one in progress is awaited, since it would write over what was decided. Raises `NotFound` for a record
    that is not held any more, `InvalidValues` for somebody who was not offered.
    """
    await_claim(connection.claim)
    link = Link.objects.select_for_update().filter(connection=connection, pk=link_id, state=Link.State.HELD).first()
    if link is None:
        raise NotFound
    if choice == APART:
        link.state = Link.State.APART
    elif choice == NEW or choice in {str(one) for one in link.evidence.get("candidates", [])}:
        link.evidence = {**link.evidence, "chosen": choice}
    else:
        raise InvalidValues({"choice": _("Choose one of the records, a new one, or none.")})
    link.save(update_fields=["state", "evidence"])
    _note(connection, link, choice, actor)
    mark(connection.pk, [Mark(BY_NAME[link.module].name, *link.home)])
    return link


@transaction.atomic
def look_for_partner(connection: Connection, link_id: int) -> None:
    """One that was left apart is matched after all; one whose partner was taken back gets that one again, if it is still to be had.

    Raises `NotFound`.
    """
    await_claim(connection.claim)
    link = Link.objects.select_for_update().filter(connection=connection, pk=link_id, state=Link.State.APART).first()
    if link is None:
        raise NotFound
    side, record_id = link.home
    former = _former(connection, link, OTHER[side])
    if former is None:
        link.state, link.evidence = Link.State.HELD, {}
    elif side == "crm":
        link.state, link.ending, link.desk_id = Link.State.DEAD, Link.Ending.REMOVED, former
    else:
        link.state, link.ending, link.crm_id = Link.State.DEAD, Link.Ending.REMOVED_CRM, former
    link.save()
    mark(connection.pk, [Mark(BY_NAME[link.module].name, side, record_id)])


def _former(connection: Connection, link: Link, away: SideName) -> int | None:
    """The partner that was taken back; None where there was none, or where it is gone or somebody else's by now."""
    former = link.evidence.get(_FORMER)
    if former is None:
        return None
    record = side_of(connection, away).fetch(BY_NAME[link.module].name_on(away), [former]).get(former)
    is_there = record is not None and record.merged_into is None
    return former if is_there and not live_ids(connection, link.module, away, [former]) else None


def _note(connection: Connection, link: Link, choice: str, actor: Actor) -> None:
    JournalRow.objects.create(
        connection=connection,
        module=link.module,
        crm_id=link.crm_id,
        desk_id=link.desk_id,
        side=link.home[0],
        kind=JournalRow.Kind.DECIDED,
        changes={"": [link.evidence.get("candidates", []), choice]},
        by_name=actor.name,
        at=clock.now(),
    )
