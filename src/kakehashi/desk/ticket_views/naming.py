"""What the filter builder calls the fields, people and customers of a portal."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Agent, Portal
from kakehashi.desk.portals.queries import possible_assignees

_STANDING = (
    "clock",
    "dueDate",
    "responseDueDate",
    "turn",
    "isEscalated",
    "createdTime",
    "lastActivity",
    "closedTime",
    "firstResponseTime",
    "firstResponseWorkingTime",
    "resolutionTime",
    "resolutionWorkingTime",
    "rating",
)


def field_sections(subjects: Subjects) -> list[tuple[Text, list[Subject]]]:
    """What can be asked, in groups."""
    own = [subject for subject in subjects.values() if subject.field]
    standing = [subjects[name] for name in _STANDING if name in subjects]
    rest = [subject for subject in subjects.values() if subject not in own and subject not in standing]
    sections = [(_("Ticket"), rest), (_("Time and turn"), standing), (_("Fields of your own"), own)]
    return [(label, found) for label, found in sections if found]


class SeatlessNaming:
    """For who has no seat in the portal: nobody is "me". Follows `ui.list_builder.builder.Naming`."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def people(self) -> Sequence[tuple[str, Text]]:
        return [(str(agent.pk), agent.name) for agent in possible_assignees(self.portal)]

    def former_people(self, ids: Sequence[int]) -> Mapping[int, str]:
        seats = Agent.objects.filter(portal=self.portal, pk__in=ids).select_related("person")
        return {seat.pk: seat.name for seat in seats}

    def linked(self, subject: Subject, ids: Sequence[int]) -> Mapping[int, str]:
        model = Contact if subject.name == "contactId" else Account
        rows = model.objects.filter(portal=self.portal, pk__in=ids).defer("search")
        return {row.pk: row.name for row in rows}

    def choices_url(self, subject: Subject) -> str:
        return reverse(subject.choices_url, args=[self.portal.pk]) if subject.choices_url else ""


class TicketNaming(SeatlessNaming):
    """For an agent."""

    def __init__(self, access: DeskAccess) -> None:
        super().__init__(access.portal)

    def people(self) -> Sequence[tuple[str, Text]]:
        return [("me", _("Me")), ("team", _("My colleagues")), *super().people()]
