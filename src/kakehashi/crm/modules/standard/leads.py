from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .choices import INDUSTRIES, LEAD_SOURCES, RATINGS, SALUTATIONS
from .definition import Choices, StandardField, StandardModule, StandardSection, picklist

LEAD_STATUSES: Choices = (
    ("Not Contacted", _("Not contacted")),
    ("Attempted to Contact", _("Attempted to contact")),
    ("Contact in Future", _("Contact later")),
    ("Contacted", _("Contacted")),
    ("Pre-Qualified", _("Pre-qualified")),
    ("Not Qualified", _("Not qualified")),
    ("Lost Lead", _("Lost")),
    ("Junk Lead", _("Junk")),
)

LEADS = StandardModule(
    api_name="Leads",
    singular=pgettext_lazy("module", "Lead"),
    plural=pgettext_lazy("module", "Leads"),
    icon="user-plus",
    name_fields=("Last_Name", "First_Name"),
    columns=("Company", "Lead_Status", "Email", "Phone", "Owner"),
    sections=(
        StandardSection(
            "main",
            _("Lead information"),
            (
                StandardField("Last_Name", _("Last name"), is_required=True, options={"max_length": 80}),
                StandardField("First_Name", _("First name"), options={"max_length": 40}),
                StandardField("Last_Name_Kana", _("Last name (kana)"), options={"max_length": 80}, language="ja"),
                StandardField("First_Name_Kana", _("First name (kana)"), options={"max_length": 80}, language="ja"),
                StandardField("Company", _("Company"), options={"max_length": 200}),
                StandardField("Designation", pgettext_lazy("job", "Title"), options={"max_length": 100}),
                StandardField("Email", pgettext_lazy("field", "E-mail"), FieldType.EMAIL, is_unique=True),
                StandardField("Secondary_Email", _("Secondary e-mail"), FieldType.EMAIL),
                StandardField("Other_Emails", _("More e-mail addresses"), FieldType.EMAILS),
                StandardField("Phone", pgettext_lazy("field", "Phone"), FieldType.PHONE),
                StandardField("Mobile", _("Mobile phone"), FieldType.PHONE),
                StandardField("Other_Phones", _("More phone numbers"), FieldType.PHONES),
                picklist("Lead_Status", _("Lead status"), LEAD_STATUSES),
                picklist("Lead_Source", _("Lead source"), LEAD_SOURCES),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
                StandardField("Website", _("Website"), FieldType.URL),
                picklist("Industry", _("Industry"), INDUSTRIES),
                StandardField("Annual_Revenue", _("Annual revenue"), FieldType.CURRENCY),
                StandardField("No_of_Employees", _("Employees"), FieldType.INTEGER),
                picklist("Rating", pgettext_lazy("of a customer", "Rating"), RATINGS),
                StandardField("Fax", _("Fax"), FieldType.PHONE),
                picklist("Salutation", _("Salutation"), SALUTATIONS),
                StandardField("Skype_ID", _("Skype ID"), options={"max_length": 50}),
                StandardField("Twitter", _("X (Twitter)"), options={"max_length": 50}),
                StandardField("Email_Opt_Out", _("No mailings"), FieldType.BOOLEAN),
            ),
        ),
        StandardSection(
            "address",
            _("Address"),
            (
                StandardField("Zip_Code", _("Postal code"), options={"max_length": 30}),
                StandardField("State", _("State or prefecture"), options={"max_length": 100}),
                StandardField("City", _("City"), options={"max_length": 100}),
                StandardField("Street", _("Street"), options={"max_length": 250}),
                StandardField("Country", _("Country"), options={"max_length": 100}),
            ),
        ),
        StandardSection(
            "description",
            pgettext_lazy("field", "Description"),
            (StandardField("Description", pgettext_lazy("field", "Description"), FieldType.TEXTAREA),),
        ),
    ),
)
