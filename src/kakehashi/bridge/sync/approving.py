"""From a plan to the sync: all, some or none of its rows are approved, and what was left out stays without a partner."""

from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Connection, Deed, State
from kakehashi.bridge.connection.steps import note
from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError

from .links import links_of
from .models import Link, Run
from .outcome_models import PlanRow
from .runs import start_run

NOT_APPROVED = "not_approved"
_AT_ONCE = 1_000


class PlanIsNotReady(ProductError):
    code = "plan_is_not_ready"
    status = 409
    message = _("The plan is not finished yet, or was approved already. Look at it again.")


def latest_plan(connection: Connection) -> Run | None:
    return Run.objects.filter(connection=connection, kind=Run.Kind.PLAN).order_by("-pk").first()


def approve_rows(run: Run, rows: Q, *, approved: bool) -> int:
    """Take rows of a plan in or out. Answers how many."""
    return PlanRow.objects.filter(rows, run=run).update(is_approved=approved)


@transaction.atomic
def approve_plan(connection: Connection, *, actor: Actor) -> Run:
    """Begin the first sync of a connection that was only planned. Raises `PlanIsNotReady`."""
    waiting = Connection.objects.select_for_update().filter(pk=connection.pk, state=State.PLANNED).first()
    plan = latest_plan(connection)
    if waiting is None or plan is None or plan.finished_at is None:
        raise PlanIsNotReady
    _leave_out(connection, plan)
    Connection.objects.filter(pk=connection.pk).update(state=State.CONNECTED)
    connection.state = State.CONNECTED
    note(connection, Deed.APPROVED, actor)
    return start_run(connection, Run.Kind.FIRST)


def _leave_out(connection: Connection, plan: Run) -> None:
    """What was not approved is as if a person had left it apart, and so is whom it would have been linked to, or is: one click matches it
    after all.
    """
    left = PlanRow.objects.filter(run=plan, is_approved=False)
    for module in left.order_by().values_list("module", flat=True).distinct():
        rows = left.filter(module=module).order_by("pk").iterator()
        while batch := list(islice(rows, _AT_ONCE)):
            ids = {(side, one) for row in batch for side, one in (("crm", row.crm_id), ("desk", row.desk_id)) if one}
            parted = _part(links_of(connection, module).filter(_ends(ids)))
            _set_apart(connection, module, ids | parted)


def _ends(ids: set[tuple[str, int]]) -> Q:
    crm, desk = ([one for side, one in ids if side == name] for name in ("crm", "desk"))
    return Q(crm_id__in=crm) | Q(desk_id__in=desk) & ~Q(state=Link.State.DEAD)  # a tombstone is its CRM record's


def _part(links: QuerySet[Link]) -> set[tuple[str, int]]:
    """The links that they have, of an earlier connection, end; each keeps its home. Answers the partners, who are alone from now on."""
    parted = set()
    for link in links.exclude(state__in=[Link.State.APART, Link.State.OUTSIDE]):
        if link.crm_id is not None and link.desk_id is not None:
            parted.add(("desk", link.desk_id))
            link.desk_id = None
        link.state, link.ending, link.evidence = Link.State.APART, "", {"reason": NOT_APPROVED}
        link.crm_base, link.desk_base = {}, {}
        link.save()
        link.conflicts.all().delete()
    return parted


def _set_apart(connection: Connection, module: str, ids: set[tuple[str, int]]) -> None:
    now = clock.now()
    Link.objects.bulk_create(
        (
            Link(
                connection=connection,
                module=module,
                state=Link.State.APART,
                evidence={"reason": NOT_APPROVED},
                made_at=now,
                agreed_at=now,
                **{f"{side}_id": record_id},
            )
            for side, record_id in sorted(ids)
        ),
        ignore_conflicts=True,
    )
