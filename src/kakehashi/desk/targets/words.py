"""Targets in words: whose they are, and why a ticket has the deadline that it has."""

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.desk.business_hours.models import Calendar
from kakehashi.desk.tickets.fields import PRIORITIES
from kakehashi.desk.tickets.models import Ticket
from kakehashi.ui.templatetags.ui_words import hours_and_minutes

from .choosing import Promise
from .models import TargetSet
from .queries import Promises


def scope_of(target_set: TargetSet) -> str:
    return _scope(
        target_set.department.name if target_set.department else "",
        target_set.account.account_name if target_set.account else "",
    )


def priority_name(priority: str) -> Text:
    return PRIORITIES.get(priority, priority) if priority else _("Every other priority")


def reason_of(ticket: Ticket, promises: Promises) -> str:
    """ "Because of the target for Minamo, high priority: answer within 2 h, solve within 8 h of “Office hours”"."""
    if (promise := promises.promise_for(ticket)) is None:
        return ""
    department = ticket.department.name if promise.department_id else ""
    account = ticket.account.account_name if promise.account_id and ticket.account else ""
    words = {
        "scope": _scope(department, account),
        "priority": priority_name(promise.priority),
        "promise": _promised(promise),
        "calendar": _calendar(promises.hours.calendar_for(ticket.department_id, ticket.account_id)),
    }
    return _("Because of the target for %(scope)s (%(priority)s): %(promise)s, counted in %(calendar)s.") % words


def _scope(department: str, account: str) -> str:
    if department and account:
        return _("%(account)s in %(department)s") % {"account": account, "department": department}
    return account or department or _("everybody")


def _promised(promise: Promise) -> str:
    response, resolution = promise.response_minutes, promise.resolution_minutes
    if response is None:
        return _("solve within %(time)s") % {"time": hours_and_minutes(resolution)}
    if resolution is None:
        return _("answer within %(time)s") % {"time": hours_and_minutes(response)}
    times = {"response": hours_and_minutes(response), "resolution": hours_and_minutes(resolution)}
    return _("answer within %(response)s, solve within %(resolution)s") % times


def _calendar(calendar: Calendar | None) -> str:
    return calendar.name if calendar else _("every hour of every day")
