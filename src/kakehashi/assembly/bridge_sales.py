"""Where deals and questions meet the pages of both products: columns, panels, signals, notices."""

from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kakehashi.bridge.connection.queries import connection_of_portal, living_connection
from kakehashi.bridge.customer_card import desk_pages as crm_card
from kakehashi.bridge.deal_links import desk_pages as ticket_deals
from kakehashi.bridge.deal_links.desk_list import columns_for
from kakehashi.bridge.deal_links.on_rows import marks_of_deals
from kakehashi.bridge.deal_links.words import DEAL_SENTENCES, TICKET_SENTENCES
from kakehashi.bridge.questions import desk_panel, panel
from kakehashi.bridge.questions.reading import waiting_for
from kakehashi.bridge.questions.words import question_url, sentence_of_asking, sentence_of_escalation
from kakehashi.bridge.sides.embedded.notices import write_answer
from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.record_page.deeds import MORE_DEEDS, Deed
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RECORD_MARKS, RECORD_PANELS, RecordMark, RecordPanel
from kakehashi.crm.sales_signals.kinds import SIGNAL_KINDS, SignalKind, each
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.crm.sales_signals.slots import SIGNAL_PAGES
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.customers.slots import CUSTOMER_PANELS, NEW_TICKET_PANELS
from kakehashi.desk.history.words import MORE_SENTENCES
from kakehashi.desk.notices.kinds import MORE_KINDS
from kakehashi.desk.outside_ranks.slots import OUTSIDE_COLUMNS, OutsideColumn
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.slots import MORE_TABS
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.slots import TICKET_PANELS, TicketPanel
from kakehashi.ui.shell.workspace import Tab


def wire_sales() -> None:
    _tell_of_links()
    OUTSIDE_COLUMNS.add(_columns)
    TICKET_PANELS.add(TicketPanel("customer_card", _("In the CRM"), _has_customer, _card_of_ticket), order=5)
    CUSTOMER_PANELS.add(_card_of_customer)
    NEW_TICKET_PANELS.add(_card_of_new_ticket)
    TICKET_PANELS.add(TicketPanel("deals", _("Deals"), _is_connected, _sales_of_ticket), order=10)
    RECORD_PANELS.add(
        RecordPanel(
            "questions", _("Questions from support"), "user-question", _has_questions, _waiting, _questions_of_record
        ),
        order=110,
    )
    SIGNAL_KINDS.add(_kind("question_asked", _("Question from support"), sentence_of_asking), order=30)
    SIGNAL_KINDS.add(_kind("question_escalated", _("Question without an answer"), sentence_of_escalation), order=31)
    SIGNAL_PAGES.add(_questions)
    MORE_KINDS.add(("question_answered", write_answer))
    MORE_TABS.add(_customer_types)
    RECORD_MARKS.add(_marks_of_deals)


def _tell_of_links() -> None:
    for topic, (icon, sentence) in DEAL_SENTENCES.items():
        MORE_DEEDS.add((topic, Deed("", sentence, icon)))
    for entry in TICKET_SENTENCES.items():
        MORE_SENTENCES.add(entry)


def _columns(access: DeskAccess) -> list[OutsideColumn]:
    found = columns_for(access.portal.pk, access.actor)
    return [
        OutsideColumn(one.key, one.label, one.rising, one.falling, one.words, one.sorts, one.is_number) for one in found
    ]


def _is_connected(access: DeskAccess, _ticket: Ticket) -> bool:
    return connection_of_portal(access.portal.pk) is not None


def _has_customer(access: DeskAccess, ticket: Ticket) -> bool:
    return bool(ticket.contact_id or ticket.account_id or ticket.email) and _is_connected(access, ticket)


def _card_of_ticket(request: HttpRequest, access: DeskAccess, ticket: Ticket) -> SafeString:
    """Its place is another one when the ticket's customer is another one."""
    whose = {"ticket": ticket.pk, "contact": ticket.contact_id, "account": ticket.account_id}
    return crm_card.render_place(request, access.portal.pk, is_card=False, **whose)


def _card_of_customer(request: HttpRequest, access: DeskAccess, customer: Contact | Account) -> SafeString:
    whose = {"contact" if isinstance(customer, Contact) else "account": customer.pk}
    return crm_card.render_place(request, access.portal.pk, is_card=True, **whose)


def _card_of_new_ticket(request: HttpRequest, access: DeskAccess) -> SafeString:
    return crm_card.render_place_for_new(request, access.portal.pk)


def _sales_of_ticket(request: HttpRequest, access: DeskAccess, ticket: Ticket) -> SafeString:
    """Its deals, and below them its questions: one block, so that a portal without a connection is asked once."""
    whose = (access.portal.pk, ticket.pk, access.actor)
    return ticket_deals.render_panel(request, *whose) + desk_panel.render_panel(request, *whose)


def _customer_types(access: DeskAccess) -> Tab | None:
    """One query, as on every page of a connected portal."""
    if connection_of_portal(access.portal.pk) is None:
        return None
    url = reverse("desk_customer_types", args=[access.portal.pk])
    return Tab("customer_types", _("Customer types"), url, "layout-kanban")


def _marks_of_deals(access: CrmAccess, module: ModuleSchema, record_ids: Sequence[int]) -> Mapping[int, RecordMark]:
    if module.api_name != "Deals":
        return {}
    found = marks_of_deals(access.org.pk, record_ids, access.actor)
    return {pk: RecordMark(one.worst.words, one.worst.tone, "lifebuoy", one.sentence) for pk, one in found.items()}


def _questions(access: CrmAccess) -> Tab | None:
    connection = living_connection(access.org.pk)
    if connection is None:
        return None
    url, count = reverse("crm_questions", args=[access.org.pk]), waiting_for(connection, access.person.pk)
    return Tab("questions", _("Questions from support"), url, "user-question", count)


def _has_questions(access: CrmAccess, record: Record) -> bool:
    return panel.has_questions(access.org.pk, _module_of(access, record), record.pk)


def _waiting(access: CrmAccess, record: Record) -> int:
    return panel.waiting_count(access.org.pk, _module_of(access, record), record.pk)


def _questions_of_record(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return panel.render_card(request, access.org.pk, _module_of(access, record), record.pk)


def _module_of(access: CrmAccess, record: Record) -> str:
    return access.schema.by_id[record.module_id].api_name


def _kind(code: str, label: Text, sentence: Callable[[dict[str, str]], Text]) -> SignalKind:
    def words(signal: Signal) -> Text:
        return sentence(signal.data)

    def url(signal: Signal) -> str:
        return question_url(signal.org_id, signal.data["question"])

    return SignalKind(code, label, "user-question", each(words, url), _has_desk)


def _has_desk(org_id: int) -> bool:
    return living_connection(org_id) is not None
