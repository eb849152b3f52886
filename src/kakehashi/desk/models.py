from .addresses.models import MailAddress
from .bulk_changes.models import BulkChange, BulkRow
from .business_hours.models import Calendar, CalendarUse, OwnDay
from .conversations.models import Comment, CommentMention, Draft, Message, TicketAttachment
from .customer_pages.models import CustomerSettings, LinkRevocation
from .customers.models import Account, Contact
from .developer.models import ConnectionKey, KeyAttempt
from .escalation.models import EscalationFiring, EscalationLevel, EscalationRule
from .intake.models import IncomingMail
from .mailbox.models import OutboxMail
from .mailboxes.models import Mailbox, OutgoingServer
from .notices.models import Notice
from .overdue.models import Breach
from .portals.models import Agent, Department, Portal
from .presence.models import Presence
from .products.models import Product
from .reply_templates.models import ReplyTemplate
from .targets.models import Target, TargetSet
from .ticket_fields.models import TicketField, TicketLayout
from .ticket_merging.models import MergedTicket, TicketMerge, TicketSplit
from .ticket_tags.models import TagUse, TicketTag
from .ticket_views.models import ListHabit, TicketView
from .tickets.models import CustomerTally, DepartmentTally, Status, Ticket
from .web_form.models import WebForm

__all__ = [
    "Account",
    "Agent",
    "Breach",
    "BulkChange",
    "BulkRow",
    "Calendar",
    "CalendarUse",
    "Comment",
    "CommentMention",
    "ConnectionKey",
    "Contact",
    "CustomerSettings",
    "CustomerTally",
    "Department",
    "DepartmentTally",
    "Draft",
    "EscalationFiring",
    "EscalationLevel",
    "EscalationRule",
    "IncomingMail",
    "KeyAttempt",
    "LinkRevocation",
    "ListHabit",
    "MailAddress",
    "Mailbox",
    "MergedTicket",
    "Message",
    "Notice",
    "OutboxMail",
    "OutgoingServer",
    "OwnDay",
    "Portal",
    "Presence",
    "Product",
    "ReplyTemplate",
    "Status",
    "TagUse",
    "Target",
    "TargetSet",
    "Ticket",
    "TicketAttachment",
    "TicketField",
    "TicketLayout",
    "TicketMerge",
    "TicketSplit",
    "TicketTag",
    "TicketView",
    "WebForm",
]
