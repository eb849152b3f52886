"""What the first administrator may start with: the two products, each told to make an organisation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kakehashi.crm.orgs.actions import create_org
from kakehashi.desk.portals.actions import create_portal
from kakehashi.identity.first_run import FIRST_RUN, FirstProduct
from kakehashi.identity.people.models import Person

_CURRENCIES = {"ja": "JPY", "en": "USD"}


def wire_first_run() -> None:
    FIRST_RUN.add(FirstProduct("crm", _("CRM only"), _("Leads, contacts and deals."), "address-book", _begin_crm))
    FIRST_RUN.add(FirstProduct("desk", _("Desk only"), _("Tickets from your customers."), "lifebuoy", _begin_desk))


def _begin_crm(person: Person, organisation_name: str, language: str) -> str:
    currency = _CURRENCIES.get(language, "JPY")
    create_org(name=organisation_name, administrator=person, currency=currency, language=language)
    return reverse("home")


def _begin_desk(person: Person, organisation_name: str, language: str) -> str:
    create_portal(name=organisation_name, administrator=person, language=language)
    return reverse("home")
