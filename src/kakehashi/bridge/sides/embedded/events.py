"""The event log of this very process's database as the changes of a side."""

from collections.abc import Iterable, Sequence

from kakehashi.bridge.sides.customer_types import TICKETS
from kakehashi.bridge.sides.deals import SPLIT_OFF
from kakehashi.bridge.sides.records import Change, ChangePage, SideChange
from kakehashi.core.events.reading import Marker, head_of_log, parse_token, read_after
from kakehashi.crm.records.models import Record

_DEEDS = ("created", "updated", "deleted", "restored")
_DESK_MODULES = {"desk.contact": "contacts", "desk.account": "accounts", "desk.product": "products"}
CRM_TOPICS = [f"crm.record.{deed}" for deed in (*_DEEDS, "merged", "unmerged")]
DESK_TOPICS = [f"{kind}.{deed}" for kind in _DESK_MODULES for deed in (*_DEEDS, "merged", "unmerged")]
TOPICS = [*CRM_TOPICS, *DESK_TOPICS]
_TICKET_TOPICS = [f"desk.ticket.{deed}" for deed in ("merged", "unmerged", "unmerged_away", "split_off", "unsplit")]
DEAL_TOPICS = [*CRM_TOPICS, *_TICKET_TOPICS]
_OPEN_OR_NOT = (
    "opened",
    "updated",
    "closed",
    "reopened",
    "answered",
    "deleted",
    "restored",
    "merged_away",
    "unsplit_away",
    "erased",
    "joined",
)
TYPE_TOPICS = [*TOPICS, *_TICKET_TOPICS, *(f"desk.ticket.{deed}" for deed in _OPEN_OR_NOT)]


def side_changes(markers: Sequence[Marker]) -> list[SideChange]:
    """Events of both products in the words of the seam. A retried marker has no data left: its module is looked up."""
    unknown = [one.subject_id for one in markers if one.kind == "crm.record" and "module" not in one.data]
    modules = dict(Record.objects.filter(pk__in=unknown).values_list("pk", "module__api_name")) if unknown else {}
    return [change for marker in markers if (change := _side_change(marker, modules))]


def deal_changes(markers: Sequence[Marker]) -> list[SideChange]:
    """Of deals, and of tickets that came together or apart: module "tickets", or `SPLIT_OFF` for a new one (or one tried again)."""
    records = side_changes([marker for marker in markers if marker.kind == "crm.record"])
    tickets = [marker for marker in markers if marker.kind == "desk.ticket"]
    return [
        *(change for change in records if change.module == "Deals"),
        *(SideChange("desk", _tenant_id(one), _ticket_module(one), one.subject_id, one.origin) for one in tickets),
    ]


def type_changes(markers: Sequence[Marker]) -> list[SideChange]:
    """Of records of both sides, and of tickets that may have another customer or are open or not any more."""
    tickets = [marker for marker in markers if marker.kind == "desk.ticket"]
    records = side_changes([marker for marker in markers if marker.kind != "desk.ticket"])
    return [*records, *(SideChange("desk", _tenant_id(one), TICKETS, one.subject_id, one.origin) for one in tickets)]


def _ticket_module(marker: Marker) -> str:
    return SPLIT_OFF if marker.topic == "desk.ticket.split_off" or not marker.id else "tickets"


def _side_change(marker: Marker, modules: dict[int, str]) -> SideChange | None:
    tenant_id = _tenant_id(marker)
    if marker.kind == "crm.record":
        module = marker.data.get("module") or modules.get(marker.subject_id, "")
        return SideChange("crm", tenant_id, module, marker.subject_id, marker.origin)
    if marker.kind in _DESK_MODULES:
        return SideChange("desk", tenant_id, _DESK_MODULES[marker.kind], marker.subject_id, marker.origin)
    return None


def _tenant_id(marker: Marker) -> int:
    return int(marker.tenant.partition(":")[2])


def head() -> str:
    return head_of_log().token()


def changes_of(tenant: str, topics: list[str], after: str, limit: int) -> ChangePage:
    """One page of a tenant's changes. Raises `PositionIsVoid`."""
    batch = read_after(parse_token(after), topics=topics, limit=limit)
    own = side_changes([marker for marker in batch.markers if marker.tenant == tenant])
    return ChangePage(
        _once(Change(one.module, one.record_id, one.origin) for one in own), batch.after.token(), batch.is_last
    )


def _once(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(dict.fromkeys(changes))
