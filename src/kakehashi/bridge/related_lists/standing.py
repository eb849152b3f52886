"""Whether a record of the CRM has its partner in the Desk, and if not, why and what would help (lesson B12)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sides.directory import crm_side
from kakehashi.bridge.sides.records import SideRecord
from kakehashi.bridge.sync.held import why_held
from kakehashi.bridge.sync.mapping import BY_CRM_NAME, ModulePair, fields_of
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.setting_models import in_step
from kakehashi.core.errors import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """`desk_id` is the partner's, None without one; then `why` says why. `cure` is what an administrator of the integration can do there."""

    desk_id: int | None
    why: Text = ""
    cure: Text = ""
    cure_url: str = ""


def standing_of(connection: Connection, record: SideRecord) -> Standing | None:
    """Of an account or contact; None for what no sync carries across. Three queries at most."""
    pair = BY_CRM_NAME.get(record.module)
    if pair is None or pair.name == "products":
        return None
    link = Link.objects.filter(connection=connection, module=pair.name, crm_id=record.id).first()
    if link and link.state == Link.State.LIVE:
        return Standing(link.desk_id)
    if not in_step(connection.pk).filter(module=pair.name).exists():
        why = _("This module is not kept in step with the Desk.")
        return Standing(None, why, _("Choose modules"), reverse("desk_integration_modules", args=[connection.org_id]))
    if link:
        return _of_ended(connection, pair, link)
    return _of_unlinked(connection, pair.name, record)


def _of_ended(connection: Connection, pair: ModulePair, link: Link) -> Standing:
    if link.state == Link.State.HELD:
        url = reverse("desk_integration_matches", args=[connection.org_id])
        fields = fields_of(crm_side(connection.org_id).describe(), pair.crm)
        name = link.evidence.get("field", "")
        label = str(fields[name].label) if name in fields else name
        return Standing(None, why_held(link.evidence, "crm", label), _("Decide"), url)
    if link.state == Link.State.APART:
        return Standing(None, _("Somebody decided that this record has no partner in the Desk."))
    if link.state == Link.State.OUTSIDE:
        return Standing(None, _("It is not among the records that are synced with the Desk."))
    return Standing(None, link.get_ending_display() or _("The link to the Desk has ended."))


def _of_unlinked(connection: Connection, module: str, record: SideRecord) -> Standing:
    home = reverse("desk_integration", args=[connection.org_id])
    if connection.is_planned:
        plan = reverse("desk_integration_plan", args=[connection.org_id])
        return Standing(None, _("The sync waits for somebody to approve its plan."), _("Open the plan"), plan)
    failing = Dirty.objects.filter(connection=connection, module=module, side="crm", record_id=record.id).first()
    if failing and failing.reason:
        problems = reverse("desk_integration_problems", args=[connection.org_id])
        return Standing(None, failing.reason, _("See the problems"), problems)
    if connection.is_paused:
        return Standing(
            None, _("The sync is paused, so this record is not in the Desk yet."), _("Resume the sync"), home
        )
    return Standing(None, _("This record is on its way to the Desk."))
