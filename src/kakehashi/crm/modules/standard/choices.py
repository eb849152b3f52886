"""Pick lists that several standard modules share. Stored values are Zoho's own."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .definition import Choices

SALUTATIONS: Choices = (
    ("Mr.", _("Mr.")),
    ("Mrs.", _("Mrs.")),
    ("Ms.", _("Ms.")),
    ("Dr.", _("Dr.")),
    ("Prof.", _("Prof.")),
)

LEAD_SOURCES: Choices = (
    ("Advertisement", _("Advertisement")),
    ("Cold Call", _("Cold call")),
    ("Employee Referral", _("Employee referral")),
    ("External Referral", _("External referral")),
    ("Online Store", _("Online store")),
    ("Partner", pgettext_lazy("lead source", "Partner")),
    ("Public Relations", _("Public relations")),
    ("Sales Email Alias", _("Sales e-mail")),
    ("Seminar Partner", _("Partner seminar")),
    ("Internal Seminar", _("Own seminar")),
    ("Trade Show", _("Trade show")),
    ("Web Download", _("Web download")),
    ("Web Research", _("Web research")),
    ("Chat", _("Chat")),
)

INDUSTRIES: Choices = (
    ("Agriculture", _("Agriculture and food production")),
    ("Construction", _("Construction")),
    ("Education", _("Education")),
    ("Energy", _("Energy and utilities")),
    ("Financial Services", _("Financial services")),
    ("Food and Beverage", _("Food and beverages")),
    ("Government/Military", _("Government")),
    ("Healthcare", _("Health care")),
    ("Hospitality", _("Hotels and restaurants")),
    ("Large Enterprise", _("Large enterprise")),
    ("Logistics", _("Logistics and transport")),
    ("Manufacturing", _("Manufacturing")),
    ("Non-profit", _("Non-profit")),
    ("Professional Services", _("Professional services")),
    ("Real Estate", _("Real estate")),
    ("Retail", _("Retail")),
    ("Small/Medium Enterprise", _("Small or medium enterprise")),
    ("Technology", _("Information technology")),
    ("Telecommunications", _("Telecommunications")),
    ("Wholesale", _("Wholesale and trade")),
    ("Other", pgettext_lazy("industry", "Other")),
)

RATINGS: Choices = (
    ("Acquired", _("Acquired")),
    ("Active", pgettext_lazy("rating", "Active")),
    ("Market Failed", _("Market failed")),
    ("Project Cancelled", _("Project cancelled")),
    ("Shut Down", _("Shut down")),
)
