from .addresses.models import MailAddress
from .bulk_changes.models import BulkChange, BulkRow
from .business_hours.models import Calendar, CalendarUse, OwnDay
from .conversations.models import Comment, CommentMention, Draft, Message, TicketAttachment
from .customer_pages.models import CustomerSettings, LinkRevocation
from .customers.models import Account, Contact
from .developer.models import ConnectionKey, KeyAttempt
from .erasure.models import Erasure
from .escalation.models import EscalationFiring, EscalationLevel, EscalationRule
from .followers.models import TicketFollower
from .intake.models import IncomingMail
from .mailbox.models import OutboxMail
from .mailboxes.models import Mailbox, OutgoingServer
from .notices.models import Notice, NoticeHabit
from .outside_ranks.models import OutsideRank
from .overdue.models import Breach
from .portals.models import Agent, AgentProfile, Department, Portal
from .presence.models import Presence
from .products.models import Product
from .record_bin.models import BinSetting
from .record_merging.models import MergedRecord, MovedRelation, RecordMerge
from .reply_templates.models import ReplyTemplate
from .targets.models import Target, TargetSet
from .teams.models import Team
from .ticket_fields.models import TicketField, TicketLayout
from .ticket_merging.models import MergedTicket, TicketMerge, TicketSplit
from .ticket_search.models import TicketWords
from .ticket_tags.models import TagUse, TicketTag
from .ticket_views.models import ListHabit, TicketView
from .tickets.models import SentForm, Status, Ticket
from .tickets.tally_models import CustomerTally, DepartmentTally, ProductTally
from .web_form.models import WebForm

__all__ = [
    "Account",
    "Agent",
    "AgentProfile",
    "BinSetting",
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
    "Erasure",
    "EscalationFiring",
    "EscalationLevel",
    "EscalationRule",
    "IncomingMail",
    "KeyAttempt",
    "LinkRevocation",
    "ListHabit",
    "MailAddress",
    "Mailbox",
    "MergedRecord",
    "MergedTicket",
    "Message",
    "MovedRelation",
    "Notice",
    "NoticeHabit",
    "OutboxMail",
    "OutgoingServer",
    "OutsideRank",
    "OwnDay",
    "Portal",
    "Presence",
    "Product",
    "ProductTally",
    "RecordMerge",
    "ReplyTemplate",
    "SentForm",
    "Status",
    "TagUse",
    "Target",
    "TargetSet",
    "Team",
    "Ticket",
    "TicketAttachment",
    "TicketField",
    "TicketFollower",
    "TicketLayout",
    "TicketMerge",
    "TicketSplit",
    "TicketTag",
    "TicketView",
    "TicketWords",
    "WebForm",
]
