from .conversations.models import Comment, Draft, Message, TicketAttachment
from .customers.models import Account, Contact
from .mailbox.models import OutboxMail
from .portals.models import Agent, Department, Portal
from .products.models import Product
from .tickets.models import CustomerTally, DepartmentTally, Status, Ticket

__all__ = [
    "Account",
    "Agent",
    "Comment",
    "Contact",
    "CustomerTally",
    "Department",
    "DepartmentTally",
    "Draft",
    "Message",
    "OutboxMail",
    "Portal",
    "Product",
    "Status",
    "Ticket",
    "TicketAttachment",
]
