"""How a record stands, in plain sentences."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.bridge.sides.records import SideName
from kakehashi.bridge.sync.approving import NOT_APPROVED
from kakehashi.bridge.sync.fields import Fields
from kakehashi.bridge.sync.held import why_held
from kakehashi.bridge.sync.mapping import BY_NAME, REFERRED_TO
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.reasons import Reasons
from kakehashi.bridge.sync.undoing import UNDONE
from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import moment

from .case import Case
from .standing import Standing

_APART: Mapping[str, Text] = {
    NOT_APPROVED: gettext_lazy("It was left out when the plan was approved."),
    UNDONE: gettext_lazy("What the sync had done with it was taken back, so it is left alone."),
}


def sentences_of(case: Case) -> Iterator[str]:
    """What is the case first, what follows from it after that."""
    if case.synced is None:
        yield _("This module is not synced: %(module)s.") % {"module": case.label}
    elif case.record.is_deleted:
        yield from _of_deleted(case)
    else:
        yield from _OF_STANDING[case.standing or Standing.WAITING](case)
        yield from _of_the_connection(case)


def _of_deleted(case: Case) -> Iterator[str]:
    if case.record.merged_into:
        into = case.who(case.side, case.module, case.record.merged_into)
        yield _("It was merged into %(name)s.") % {"name": into.name if into else case.record.merged_into}
    else:
        yield _("It is in the recycle bin.")
    if case.mark or case.is_unread:
        yield _("The sync has not carried that across yet.")
    elif case.link and case.link.ending:
        yield f"{case.link.get_ending_display()}."


def _of_the_connection(case: Case) -> Iterator[str]:
    if case.connection.is_planned:
        yield _("Nothing is written before the plan is approved.")
    elif case.connection.is_paused and case.standing in (Standing.WAITING, Standing.FAILED):
        yield _("The sync is paused. Changes are kept and carried across when you resume.")


def _in_step(case: Case) -> Iterator[str]:
    link = case.link
    if link is None:
        return
    if case.partner:
        known = {"name": case.partner.name or case.partner.id, "since": moment(link.made_at)}
        text = (
            _("Its partner in the Desk is %(name)s, linked %(since)s.")
            if case.side == "crm"
            else _("Its partner in the CRM is %(name)s, linked %(since)s.")
        )
        yield text % known
    else:
        yield _("Its partner is a record that you may not see.")
    yield _("Both sides agree; the last change was carried across %(at)s.") % {"at": moment(link.agreed_at)}
    yield from _of_references(case, link)


def _of_references(case: Case, link: Link) -> Iterator[str]:
    waited: tuple[tuple[SideName, int | None], ...] = (("crm", link.waits_for), ("desk", link.waits_for_desk))
    for side, target in waited:
        who = next((who for name in REFERRED_TO if target and (who := case.who(side, BY_NAME[name], target))), None)
        if target:
            yield _("It names %(name)s, which has no partner yet. That is filled in as soon as there is one.") % {
                "name": who.name if who else target
            }


def _waiting(case: Case) -> Iterator[str]:
    if case.mark:
        yield _("A change has been waiting since %(at)s.") % {"at": moment(case.mark.first_seen_at)}
    elif case.is_unread:
        yield _("It has just changed; the sync has not read that yet.")
    else:
        yield _("The sync has not looked at it yet. The next comparison does at the latest.")


def _failed(case: Case) -> Iterator[str]:
    if case.mark is None:
        return
    yield _("It could not be written: %(reason)s") % {
        "reason": Reasons(case.connection).sentence(case.mark.module, case.mark.reason)
    }
    if case.mark.next_try_at:
        yield _("It was tried %(count)s times and is tried again by itself %(at)s.") % {
            "count": case.mark.attempts,
            "at": moment(case.mark.next_try_at),
        }


def _undecided(case: Case) -> Iterator[str]:
    fields = Fields(case.connection)
    if case.link and case.link.state == Link.State.HELD:
        yield _("Nothing was written, for a person must say whom it is the same as.")
        side, evidence = case.link.home[0], case.link.evidence
        yield str(why_held(evidence, side, fields.label(case.module.name, side, evidence.get("field", ""))))
    else:
        names = [fields.label(case.module.name, "desk", one.field) for one in case.conflicts]
        yield _("Both sides changed these fields, and the rule is to ask a person: %(fields)s.") % {
            "fields": _(", ").join(names)
        }


def _outside(case: Case) -> Iterator[str]:
    if case.link is None:
        yield _("This module goes from CRM to Desk only (%(module)s). What only the Desk has stays there.") % {
            "module": case.label
        }
    elif case.link.state == Link.State.OUTSIDE:
        yield _("It does not fit the conditions that say which records of this side are synced.")
    elif case.link.state == Link.State.DEAD:
        yield _("Its pair has ended: %(why)s.") % {"why": case.link.get_ending_display()}
    else:
        known = _APART.get(case.link.evidence.get("reason", ""))
        yield str(known) if known else _left_by_a_person(case, case.link)


def _left_by_a_person(case: Case, link: Link) -> str:
    rows = JournalRow.objects.filter(connection=case.connection, module=link.module, kind=JournalRow.Kind.DECIDED)
    row = rows.filter(crm_id=link.crm_id, desk_id=link.desk_id).order_by("-pk").first()
    if row is None:
        return _("A person left it without a partner.")
    return _("%(name)s left it without a partner, %(at)s.") % {"name": row.by_name, "at": moment(row.at)}


_OF_STANDING = {
    Standing.IN_STEP: _in_step,
    Standing.WAITING: _waiting,
    Standing.FAILED: _failed,
    Standing.UNDECIDED: _undecided,
    Standing.OUTSIDE: _outside,
}
