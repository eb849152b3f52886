"""What joins the two products. Taken out (`KAKEHASHI_WITHOUT_BRIDGE=1`), both work as they are."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Deed
from kakehashi.bridge.connection.owners import last_owner_in
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import Sides, use_sides
from kakehashi.bridge.sides.embedded.crm import crm_side
from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.embedded.events import TOPICS, side_changes
from kakehashi.bridge.sides.embedded.front import EmbeddedDeskFront, EmbeddedFront
from kakehashi.bridge.sides.embedded.portals import EmbeddedPortals
from kakehashi.bridge.sync.marking import mark_changes
from kakehashi.bridge.sync.runs import compare_everything
from kakehashi.bridge.sync.step import pump_connections
from kakehashi.bridge.ticket_panel.card import count_of, has_panel, render_card
from kakehashi.core.errors import Text
from kakehashi.core.events.loop import Step, add_step, add_subscriber
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.crm.audit.slots import AUDIT_KINDS, AuditKind
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.workspace import HEARD_TENANTS
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RECORD_PANELS, RecordPanel
from kakehashi.crm.settings.slots import SETTINGS_PAGES, SettingsPage
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.slots import SEAT_WARNINGS, DeskSettingsPage
from kakehashi.desk.portals.slots import SETTINGS_PAGES as DESK_SETTINGS_PAGES
from kakehashi.ui.shell.workspace import STYLESHEETS


def wire_bridge() -> None:
    use_sides(
        Sides(
            crm=crm_side, desk=desk_side, portals=EmbeddedPortals, front=EmbeddedFront(), desk_front=EmbeddedDeskFront()
        )
    )
    # Marking stands before pumping, so that one round of the loop carries a change across.
    add_subscriber(
        Subscriber(
            "bridge.sync",
            topics=TOPICS,
            handle=lambda markers: mark_changes(side_changes(markers)),
            recover=compare_everything,
        )
    )
    add_step(Step("sync connections", pump_connections))
    STYLESHEETS.add("bridge/bridge.css")
    _wire_the_crms_pages()
    _tell_in_the_audit_log()
    _wire_the_desks_pages()


def _wire_the_crms_pages() -> None:
    HEARD_TENANTS.add(_portal_of)
    RECORD_PANELS.add(RecordPanel("desk", _("Desk"), "lifebuoy", _shows, _count, _render))
    SETTINGS_PAGES.add(
        SettingsPage(
            key="desk_integration",
            label=_("Desk integration"),
            group=_("Marketplace"),
            icon="link",
            url=lambda access: reverse("desk_integration", args=[access.org.pk]),
            permission=DESK_INTEGRATION.code,
        )
    )


def _tell_in_the_audit_log() -> None:
    AUDIT_KINDS.add(
        AuditKind(
            "bridge.connection.",
            _("Connection to the Desk"),
            deeds={deed.value: deed.label for deed in Deed},
            labels={"about": _("User of the Desk")},
        )
    )
    AUDIT_KINDS.add(
        AuditKind(
            "bridge.related_lists.", _("Related lists in the CRM"), labels={"modules": _("Modules that show tickets")}
        )
    )


def _wire_the_desks_pages() -> None:
    SEAT_WARNINGS.add(_warning_before_leaving)
    DESK_SETTINGS_PAGES.add(
        DeskSettingsPage(
            key="desk_connection",
            label=_("CRM integration"),
            group=_("Marketplace"),
            icon="link",
            url=lambda access: reverse("desk_connection", args=[access.portal.pk]),
        )
    )


def _portal_of(org_id: int) -> Iterable[str]:
    """The ticket block on a record is live: its page hears the portal's changes (that they happened, never what)."""
    connection = living_connection(org_id)
    return [Portal(pk=connection.portal_id).tenant] if connection else []


def _warning_before_leaving(portal_id: int) -> Mapping[int, Text]:
    """Lesson D1: somebody should know before the last owner goes, not after."""
    last = last_owner_in(portal_id)
    return {last: _("Nobody else answers for the CRM integration. Without an owner its settings close; sync goes on.")} if last else {}  # fmt: skip


def _shows(access: CrmAccess, record: Record) -> bool:
    return has_panel(access.org.pk, _module_of(access, record))


def _count(access: CrmAccess, record: Record) -> int | None:
    return count_of(access.org.pk, _module_of(access, record), record.pk, access.actor)


def _render(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return render_card(request, access.org.pk, _module_of(access, record), record.pk, access.actor)


def _module_of(access: CrmAccess, record: Record) -> str:
    return access.schema.by_id[record.module_id].api_name
