"""Records without a partner: match, create, or put before a person. The same from either side: a subject's home is where it lives alone."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_noop

from kakehashi.bridge.sides.records import OTHER, Ensure, SideName, SideRecord
from kakehashi.core import clock

from .batch import Batch
from .encounters import Encounter, decide_all, forget_choice, meet
from .journal import Entry
from .links import links_of_lonely, live_ids
from .matching import Create, Hold, LinkTo
from .models import Link
from .outcome_models import JournalRow
from .reconcile import SAME
from .reconciling import base_of, values_for
from .scope import leave_out, lonely_link
from .subjects import Subject
from .values import keep

NEW_IN_CRM = gettext_noop("new in CRM")
NEW_IN_DESK = gettext_noop("new in Desk")
CHOSEN = gettext_noop("chosen by a person")
_ADDRESSES = ("email", "secondaryEmail")


def join(batch: Batch, subjects: Sequence[Subject], home: SideName) -> list[Subject]:
    """Deal with subjects of one home to match. Answers those now joined to an existing partner: their fields are still to be reconciled."""
    subjects = leave_out(batch, subjects, home)
    if not subjects:
        return []
    decided = decide_all(batch, meet(batch, subjects, home))
    for one, decision in decided:
        if isinstance(decision, Hold):
            _hold(batch, one, decision)
    _create(batch, [one for one, decision in decided if isinstance(decision, Create)])
    chosen = [(one.subject, decision) for one, decision in decided if isinstance(decision, LinkTo)]
    return _join_to_partners(batch, chosen, OTHER[home])


def _hold(batch: Batch, one: Encounter, decision: Hold) -> None:
    subject = one.subject
    link = subject.link = subject.link or lonely_link(subject)
    before, is_new = link.evidence, link.pk is None or link.state == Link.State.OUTSIDE
    link.state, link.agreed_at = Link.State.HELD, clock.now()
    if one.home == "crm":
        link.desk_id = None
    link.evidence = {
        "reason": decision.reason,
        "field": decision.field_name,
        "candidates": list(decision.candidates),
    }
    batch.findings.links.append(link)
    batch.findings.mentions[link.home] = one.mentions()
    batch.findings.settle(subject, "held" if is_new else "")
    if is_new:
        batch.findings.ask_again(one.mentions())
    if is_new or link.evidence == before:
        batch.findings.not_news(subject)


def _join_to_partners(batch: Batch, chosen: Sequence[tuple[Subject, LinkTo]], away: SideName) -> list[Subject]:
    """A candidate that two subjects of this batch want goes to the first; the other one looks again and finds it taken. So does a Desk
    record whose candidate was itself looked at in this batch: what became of that is not stored yet.
    """
    if not chosen:
        return []
    partners = batch.bench.side(away).fetch(batch.module.name_on(away), [choice.id for _one, choice in chosen])
    taken = set(live_ids(batch.connection, batch.module.name, away, list(partners)))
    if away == "crm":
        taken |= {one.crm_id for one in batch.subjects if one.crm_id is not None}
    remembered = _remembered(batch, list(partners), away)
    joined = []
    for subject, choice in chosen:
        partner = partners.get(choice.id)
        if partner is None or partner.is_deleted or partner.id in taken:
            _think_again(batch, subject)
            continue
        taken.add(partner.id)
        joined.append(_joined(batch, subject, partner, choice, away, remembered.get(partner.id)))
    return joined


def _remembered(batch: Batch, partner_ids: Sequence[int], away: SideName) -> Mapping[int, Link]:
    """What is known of the partners without these: of a CRM record that it is held, left apart or a tombstone; of a Desk record that nobody
    goes with it.
    """
    if away == "crm":
        return batch.links_of(partner_ids)
    return links_of_lonely(batch.connection, batch.module.name, partner_ids)


def _think_again(batch: Batch, subject: Subject) -> None:
    """Whom it was to be joined to is not to be had any more; what a person chose is void then."""
    if subject.link and forget_choice(subject):
        batch.findings.links.append(subject.link)
    batch.findings.look_again(subject)


def _joined(
    batch: Batch, subject: Subject, partner: SideRecord, decision: LinkTo, away: SideName, known: Link | None
) -> Subject:
    """With empty bases: what is filled on one side only fills the other, and where both differ the rules decide."""
    if away == "crm":
        subject.link = _adopted(batch, subject, known)
    elif known:
        batch.findings.dropped.append(known)
    _complete(subject, partner, away)
    subject.link = _live_link(subject)
    if batch.module.name == "contacts":
        _settle_addresses(batch, subject)
    batch.findings.now_live(subject)
    rule = f"{SAME}{decision.field_name}" if decision.field_name else CHOSEN
    batch.findings.entries.append(
        Entry(JournalRow.Kind.LINKED, batch.module.name, subject.crm_id, subject.desk_id, side=away, rule=rule)
    )
    batch.findings.counts["linked"] += 1
    return subject


def _adopted(batch: Batch, subject: Subject, known: Link | None) -> Link | None:
    """A Desk record finds its CRM record, which may be remembered already: as held, as left apart, or as a tombstone. One link remains."""
    if known and subject.link and subject.link.pk != known.pk:
        batch.findings.dropped.append(subject.link)
    return known or subject.link


def _settle_addresses(batch: Batch, subject: Subject) -> None:
    """Spec Y5: recognised by a secondary address, the Desk's primary one gives way to the CRM's; or, where that is off, both stay as they are
    until somebody changes one.
    """
    settings, both = batch.bench.settings(batch.module), subject.pair
    mine, theirs = both.crm.values.get("Email"), both.desk.values.get("email")
    if not settings.match_secondary or not mine or not theirs or keep(mine) == keep(theirs):
        return
    crm, desk = (base_of(both.record(side), batch.pairs, side=side) for side in ("crm", "desk"))
    if settings.secondary_overwrites:
        both.link.desk_base = {"email": desk.get("email")}
    else:
        both.link.crm_base = {name: crm[name] for name in _ADDRESSES if name in crm}
        both.link.desk_base = {name: desk[name] for name in _ADDRESSES if name in desk}


def _create(batch: Batch, encounters: Sequence[Encounter]) -> None:
    if not encounters:
        return
    away = encounters[0].away
    items = [_ensure(batch, one) for one in encounters]
    outcomes = batch.bench.side(away).ensure(batch.module.name_on(away), items, batch.bench.actor)
    found = [one.record.id for one in outcomes if one.state == "found" and one.record]
    taken = live_ids(batch.connection, batch.module.name, away, found) if found else frozenset()
    made = []
    for one, outcome in zip(encounters, outcomes, strict=True):
        record = outcome.record
        if outcome.state == "created" and record:
            _created(batch, one.subject, record, away)
            made.append(record.id)
        elif outcome.state == "found" and record and record.id in taken:
            _hold(batch, one, Hold("candidate_is_linked", "", (record.id,)))
        elif outcome.state == "found" and record:
            _found_again(batch, one.subject, record, away)
            made.append(record.id)
        elif outcome.state == "stale":
            _think_again(batch, one.subject)
        else:
            batch.findings.fail(one.subject, outcome.reason)
    departments = batch.bench.settings(batch.module).department_ids
    if made and away == "desk" and batch.module.name == "products" and departments:
        batch.bench.desk.offer_products(made, departments, batch.bench.actor)


def _ensure(batch: Batch, one: Encounter) -> Ensure:
    values = values_for(batch, one.subject, one.away)
    if one.away == "crm":
        values = {**values, "Owner": batch.bench.owner_of_new(batch.module)}
    return Ensure(batch.key_of(one.subject), values, one.keys(), one.told_apart())


def _created(batch: Batch, subject: Subject, record: SideRecord, away: SideName) -> None:
    """Bases: what was read here, and what the other side says it stored."""
    _complete(subject, record, away)
    link = subject.link = _live_link(subject)
    batch.set_waiting(subject)
    both = subject.pair
    open_here = {
        pair.desk for pair in batch.pairs if batch.references.open_target(pair, OTHER[away], both.record(OTHER[away]))
    }
    link.crm_base = base_of(both.crm, batch.pairs, side="crm", without=open_here)
    link.desk_base = base_of(both.desk, batch.pairs, side="desk", without=open_here)
    link.crm_version, link.desk_version = both.crm.version, both.desk.version
    stored = link.desk_base if away == "desk" else link.crm_base
    written = {name: [None, value] for name, value in stored.items() if value is not None}
    findings = batch.findings
    findings.links.append(link)
    findings.now_live(subject)
    findings.entries.append(
        Entry(
            JournalRow.Kind.CREATED,
            batch.module.name,
            subject.crm_id,
            subject.desk_id,
            side=away,
            changes=written,
            rule=NEW_IN_CRM if away == "desk" else NEW_IN_DESK,
        )
    )
    findings.settle(subject, "created")


def _found_again(batch: Batch, subject: Subject, record: SideRecord, away: SideName) -> None:
    """Made by an attempt that crashed before it was linked. Nobody knows what was edited since: link with empty bases, look again."""
    _complete(subject, record, away)
    subject.link = _live_link(subject)
    batch.findings.links.append(subject.link)
    batch.findings.now_live(subject)
    batch.findings.look_again(subject)


def _complete(subject: Subject, record: SideRecord, away: SideName) -> None:
    if away == "desk":
        subject.desk, subject.desk_id = record, record.id
    else:
        subject.crm, subject.crm_id = record, record.id


def _live_link(subject: Subject) -> Link:
    """A new link, or the one that was held so far."""
    link = subject.link or lonely_link(subject)
    link.crm_id, link.desk_id = subject.crm_id, subject.desk_id
    link.state, link.ending, link.evidence, link.agreed_at = Link.State.LIVE, "", {}, clock.now()
    link.crm_base, link.desk_base = {}, {}
    return link
