from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .choices import LEAD_SOURCES
from .definition import Choices, StandardField, StandardModule, StandardSection, lookup, picklist

STAGES: Choices = (
    ("Qualification", _("Qualification")),
    ("Needs Analysis", _("Needs analysis")),
    ("Value Proposition", _("Value proposition")),
    ("Identify Decision Makers", _("Identify decision makers")),
    ("Proposal/Price Quote", _("Proposal or quote")),
    ("Negotiation/Review", _("Negotiation")),
    ("Closed Won", _("Closed won")),
    ("Closed Lost", _("Closed lost")),
    ("Closed Lost to Competition", _("Closed lost to competition")),
)

# Stage -> probability in percent and forecast type; Zoho's own start values.
STAGE_DETAILS: dict[str, tuple[int, str]] = {
    "Qualification": (10, "Open"),
    "Needs Analysis": (20, "Open"),
    "Value Proposition": (40, "Open"),
    "Identify Decision Makers": (60, "Open"),
    "Proposal/Price Quote": (75, "Open"),
    "Negotiation/Review": (90, "Open"),
    "Closed Won": (100, "Closed Won"),
    "Closed Lost": (0, "Closed Lost"),
    "Closed Lost to Competition": (0, "Closed Lost"),
}

DEAL_TYPES: Choices = (("Existing Business", _("Existing business")), ("New Business", _("New business")))

LOSS_REASONS: Choices = (
    ("Expectation Mismatch", _("Did not meet expectations")),
    ("Price", pgettext_lazy("reason for loss", "Price")),
    ("Unqualified Customer", _("Not a fit")),
    ("Lack of response", _("No answer")),
    ("Missed Follow Ups", _("Missed follow-ups")),
    ("Wrong Target", _("Wrong target")),
    ("Competition", pgettext_lazy("reason for loss", "Competition")),
    ("Future Interest", _("Interested later")),
    ("Other", pgettext_lazy("reason for loss", "Other")),
)

DEALS = StandardModule(
    api_name="Deals",
    singular=pgettext_lazy("module", "Deal"),
    plural=pgettext_lazy("module", "Deals"),
    icon="businessplan",
    name_fields=("Deal_Name",),
    columns=("Account_Name", "Stage", "Amount", "Closing_Date", "Owner"),
    sections=(
        StandardSection(
            "main",
            _("Deal information"),
            (
                StandardField("Deal_Name", _("Deal name"), is_required=True, options={"max_length": 120}),
                lookup("Account_Name", _("Account name"), "Accounts"),
                lookup("Contact_Name", _("Contact name"), "Contacts"),
                picklist("Stage", pgettext_lazy("of a deal", "Stage"), STAGES, is_required=True),
                StandardField("Amount", pgettext_lazy("of a deal", "Amount"), FieldType.CURRENCY),
                StandardField("Closing_Date", _("Closing date"), FieldType.DATE),
                StandardField("Probability", _("Probability"), FieldType.PERCENT),
                StandardField("Expected_Revenue", _("Expected revenue"), FieldType.CURRENCY, is_computed=True),
                picklist("Pipeline", _("Pipeline"), (("Standard", pgettext_lazy("pipeline", "Standard")),)),
                picklist("Type", pgettext_lazy("of a deal", "Type"), DEAL_TYPES),
                picklist("Lead_Source", _("Lead source"), LEAD_SOURCES),
                StandardField("Next_Step", _("Next step"), options={"max_length": 100}),
                StandardField("Campaign_Source", _("Campaign"), options={"max_length": 120}),
                picklist("Reason_For_Loss__s", _("Reason for loss"), LOSS_REASONS),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
            ),
        ),
        StandardSection(
            "description",
            pgettext_lazy("field", "Description"),
            (StandardField("Description", pgettext_lazy("field", "Description"), FieldType.TEXTAREA),),
        ),
    ),
)
