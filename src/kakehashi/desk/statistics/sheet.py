"""Statistics as a page asks for them: read for this person, and made ready to be shown."""

from dataclasses import dataclass

from django.http import HttpRequest

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.ui.statistics.choice import Choice, asked_basis, asked_period, choice_of
from kakehashi.ui.statistics.figures import Report
from kakehashi.ui.statistics.links import Links
from kakehashi.ui.statistics.showing import Shown, show_report

from .links import links_to_list
from .queries import Whose, statistics


@dataclass(frozen=True, slots=True)
class Sheet:
    choice: Choice
    report: Report
    links: Links
    shown: Shown


def read_sheet(request: HttpRequest, access: DeskAccess, whose: Whose) -> Sheet:
    period = asked_period(request)
    report = statistics(
        access.portal, whose, period=period, basis=asked_basis(request), department_ids=seen_departments(access)
    )
    links = links_to_list(access.portal, whose, report.window, sees_bin=access.rights.may_delete)
    return Sheet(choice_of(request, period, report.basis), report, links, show_report(report, links))


def seen_departments(access: DeskAccess) -> list[int] | None:
    """None for all that there are."""
    return None if access.department_ids is None else sorted(access.department_ids)
