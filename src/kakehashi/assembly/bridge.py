"""What joins the two products. Taken out (`KAKEHASHI_WITHOUT_BRIDGE=1`), both work as they are."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.models import Deed
from kakehashi.bridge.connection.owners import last_owner_in
from kakehashi.bridge.connection.permissions import DESK_INTEGRATION
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.customer_card.pages import has_card, render_place
from kakehashi.bridge.customer_types import hearing as customer_types
from kakehashi.bridge.customer_types.progress import sort_on
from kakehashi.bridge.deal_links.hearing import RECONNECTED, hear_of_connections
from kakehashi.bridge.deal_links.hearing import hear as hear_of_deals
from kakehashi.bridge.deal_links.ranking import recover as rank_again
from kakehashi.bridge.desk_tab import frames as desk_tab
from kakehashi.bridge.desk_tab.middleware import frame_around_page
from kakehashi.bridge.related_lists.hint import url_to_choose
from kakehashi.bridge.sides.directory import Sides, use_sides
from kakehashi.bridge.sides.embedded.crm import crm_side
from kakehashi.bridge.sides.embedded.desk import desk_side
from kakehashi.bridge.sides.embedded.events import (
    DEAL_TOPICS,
    TOPICS,
    TYPE_TOPICS,
    deal_changes,
    side_changes,
    type_changes,
)
from kakehashi.bridge.sides.embedded.front import EmbeddedDeskFront, EmbeddedFront
from kakehashi.bridge.sides.embedded.portals import EmbeddedPortals
from kakehashi.bridge.sync.mapping import BY_CRM_NAME
from kakehashi.bridge.sync.marking import mark_changes
from kakehashi.bridge.sync.runs import compare_everything
from kakehashi.bridge.sync.step import pump_connections
from kakehashi.bridge.sync.unread import SUBSCRIBER
from kakehashi.bridge.sync_settings.words import SETTING_LABELS
from kakehashi.bridge.ticket_panel.card import has_panel
from kakehashi.bridge.ticket_panel.panel import count_if_known, render_panel
from kakehashi.core.errors import Text
from kakehashi.core.events.loop import Step, add_step, add_subscriber
from kakehashi.core.events.reading import Marker
from kakehashi.core.events.subscribers import Subscriber
from kakehashi.crm.audit.slots import AUDIT_KINDS, AuditKind
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.workspace import HEARD_TENANTS
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RAIL_HINTS, RECORD_ACTIONS, RECORD_PANELS, RailHint, RecordAction, RecordPanel
from kakehashi.crm.settings.slots import SETTINGS_PAGES, SettingsPage
from kakehashi.crm.tabs.slots import MORE_TABS, MoreTab
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.portals.slots import SEAT_WARNINGS, DeskSettingsPage
from kakehashi.desk.portals.slots import SETTINGS_PAGES as DESK_SETTINGS_PAGES
from kakehashi.ui.shell.workspace import FRAMES, STYLESHEETS

from .bridge_sales import wire_sales
from .bridge_signals import wire_signals


def wire_bridge() -> None:
    use_sides(
        Sides(
            crm=crm_side, desk=desk_side, portals=EmbeddedPortals, front=EmbeddedFront(), desk_front=EmbeddedDeskFront()
        )
    )
    # Marking stands before pumping, so that one round of the loop carries a change across.
    add_subscriber(
        Subscriber(
            SUBSCRIBER,
            topics=TOPICS,
            handle=lambda markers: mark_changes(side_changes(markers)),
            recover=compare_everything,
        )
    )
    add_step(Step("sync connections", pump_connections))
    add_subscriber(
        Subscriber("bridge.deals", topics=[*DEAL_TOPICS, RECONNECTED], handle=_hear_of_deals, recover=rank_again)
    )
    add_subscriber(
        Subscriber(
            "bridge.customer_types",
            topics=[*TYPE_TOPICS, customer_types.RECONNECTED],
            handle=_hear_of_customers,
            recover=customer_types.recover,
        )
    )
    add_step(Step("sort tickets by customer type", sort_on))
    STYLESHEETS.add("bridge/bridge.css")
    _wire_the_crms_pages()
    _wire_the_desk_tab()
    _tell_in_the_audit_log()
    wire_sales()
    wire_signals()
    _wire_the_desks_pages()


def _hear_of_deals(markers: Sequence[Marker]) -> None:
    hear_of_deals(deal_changes(markers))
    hear_of_connections(markers)


def _hear_of_customers(markers: Sequence[Marker]) -> None:
    customer_types.hear(type_changes(markers))
    customer_types.hear_of_connections(markers)


def _wire_the_crms_pages() -> None:
    HEARD_TENANTS.add(_portal_of)
    RECORD_PANELS.add(RecordPanel("desk", _("Desk"), "lifebuoy", _shows, _count, _render))
    RECORD_PANELS.add(
        RecordPanel(
            "desk_details", _("In the Desk"), "id", _shows_details, lambda _access, _record: None, _render_details
        )
    )
    RAIL_HINTS.add(_hint_of_choosing)
    RECORD_ACTIONS.add(RecordAction("sync", _("Sync"), "arrows-exchange", _may_ask_why, _url_of_why))
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


def _wire_the_desk_tab() -> None:
    def url(access: CrmAccess) -> str:
        return desk_tab.tab_url(access.org.pk, access.person.pk)

    MORE_TABS.add(MoreTab(desk_tab.KEY, _("Desk"), "lifebuoy", desk_tab.is_connected, url))
    FRAMES.add(frame_around_page)


def _tell_in_the_audit_log() -> None:
    AUDIT_KINDS.add(
        AuditKind(
            "bridge.connection.",
            _("Connection to the Desk"),
            deeds={deed.value: deed.label for deed in Deed},
            labels={"about": _("User of the Desk"), **SETTING_LABELS},
        )
    )
    AUDIT_KINDS.add(
        AuditKind(
            "bridge.related_lists.",
            _("Related lists in the CRM"),
            labels={
                "modules": _("Modules that show tickets"),
                "seatless_sight": _("Tickets for people without a Desk account"),
                "deal_sight": _("Deals for agents without a CRM account"),
            },
        )
    )
    AUDIT_KINDS.add(AuditKind("bridge.customer_types.", _("Customer types"), labels={"columns": _("Columns")}))


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
    return count_if_known(access.org.pk, _module_of(access, record), record.pk, access.actor)


def _render(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return render_panel(request, access.org.pk, _module_of(access, record), record.pk, access.actor)


def _hint_of_choosing(access: CrmAccess, record: Record) -> RailHint | None:
    """For who keeps the integration."""
    if DESK_INTEGRATION.code not in access.permissions:
        return None
    url = url_to_choose(access.org.pk, _module_of(access, record))
    sentence = _("Records of this module do not show the customer's tickets. Choose it under the related lists.")
    return RailHint(_("Desk"), "lifebuoy", _("Not chosen"), sentence, url) if url else None


def _shows_details(access: CrmAccess, record: Record) -> bool:
    return has_card(access.org.pk, _module_of(access, record))


def _render_details(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return render_place(request, access.org.pk, _module_of(access, record), record.pk)


def _may_ask_why(access: CrmAccess, record: Record) -> bool:
    """Who keeps the integration asks from a record's page how it is synced, where its module is."""
    if DESK_INTEGRATION.code not in access.permissions:
        return False
    module = BY_CRM_NAME.get(_module_of(access, record))
    connection = living_connection(access.org.pk) if module else None
    return bool(module and connection and connection.modules.filter(module=module.name).exists())


def _url_of_why(access: CrmAccess, record: Record) -> str:
    module = BY_CRM_NAME[_module_of(access, record)]
    return reverse("desk_integration_record", args=[access.org.pk, module.name, "crm", record.pk])


def _module_of(access: CrmAccess, record: Record) -> str:
    return access.schema.by_id[record.module_id].api_name
