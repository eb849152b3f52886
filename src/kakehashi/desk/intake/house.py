"""What all decisions in a portal need to know."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kakehashi.desk.addresses.queries import departments_by_address, forms_of
from kakehashi.desk.parsing.mail import ParsedMail
from kakehashi.desk.portals.models import Department, Portal

from .models import IncomingMail
from .threads import people_by_address


@dataclass(frozen=True, slots=True)
class House:
    """`is_by_hand`: a person says that this mail is to be filed, whatever it is."""

    portal: Portal
    departments: Mapping[str, Department]
    agents: Mapping[str, int]
    is_by_hand: bool = False

    @classmethod
    def of(cls, portal: Portal, *, is_by_hand: bool = False) -> "House":
        return cls(portal, departments_by_address(portal), people_by_address(portal), is_by_hand)

    @property
    def own(self) -> AbstractSet[str]:
        """All addresses of ours, normalised."""
        return self.departments.keys()

    def department_of(self, mail: IncomingMail, parsed: ParsedMail | None) -> Department:
        """That of the first of our addresses which the mail names, else the mailbox's, else the portal's first."""
        named = [*mail.recipients]
        if parsed is not None:
            named += [address.address for address in (*parsed.delivered_to, *parsed.to, *parsed.cc)]
        forms = (form for address in named for form in forms_of(address))
        found = next((self.departments[form] for form in forms if form in self.departments), None)
        if found is None:
            found = mail.mailbox.department if mail.mailbox else self.portal.departments.filter(is_enabled=True)[0]
        found.portal = self.portal
        return found
