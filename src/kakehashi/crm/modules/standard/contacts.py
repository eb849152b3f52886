from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .choices import LEAD_SOURCES, SALUTATIONS
from .definition import StandardField, StandardModule, StandardSection, lookup, picklist

CONTACTS = StandardModule(
    api_name="Contacts",
    singular=pgettext_lazy("module", "Contact"),
    plural=pgettext_lazy("module", "Contacts"),
    icon="user",
    name_fields=("Last_Name", "First_Name"),
    columns=("Account_Name", "Email", "Phone", "Title", "Owner"),
    sections=(
        StandardSection(
            "main",
            _("Contact information"),
            (
                StandardField("Last_Name", _("Last name"), is_required=True, options={"max_length": 80}),
                StandardField("First_Name", _("First name"), options={"max_length": 40}),
                StandardField("Last_Name_Kana", _("Last name (kana)"), options={"max_length": 80}, language="ja"),
                StandardField("First_Name_Kana", _("First name (kana)"), options={"max_length": 80}, language="ja"),
                lookup("Account_Name", _("Account name"), "Accounts"),
                StandardField(
                    "Other_Accounts", _("Other accounts"), FieldType.MULTILOOKUP, options={"lookup": "Accounts"}
                ),
                StandardField("Department", pgettext_lazy("of a company", "Department"), options={"max_length": 80}),
                StandardField("Title", pgettext_lazy("job", "Title"), options={"max_length": 100}),
                lookup("Reporting_To", _("Reports to"), "Contacts"),
                StandardField("Email", pgettext_lazy("field", "E-mail"), FieldType.EMAIL, is_unique=True),
                StandardField("Secondary_Email", _("Secondary e-mail"), FieldType.EMAIL),
                StandardField("Other_Emails", _("More e-mail addresses"), FieldType.EMAILS),
                StandardField("Phone", pgettext_lazy("field", "Phone"), FieldType.PHONE),
                StandardField("Mobile", _("Mobile phone"), FieldType.PHONE),
                StandardField("Home_Phone", _("Home phone"), FieldType.PHONE),
                StandardField("Other_Phone", _("Other phone"), FieldType.PHONE),
                StandardField("Other_Phones", _("More phone numbers"), FieldType.PHONES),
                StandardField("Fax", _("Fax"), FieldType.PHONE),
                picklist("Lead_Source", _("Lead source"), LEAD_SOURCES),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
                picklist("Salutation", _("Salutation"), SALUTATIONS),
                StandardField("Date_of_Birth", _("Date of birth"), FieldType.DATE),
                StandardField("Skype_ID", _("Skype ID"), options={"max_length": 50}),
                StandardField("Twitter", _("X (Twitter)"), options={"max_length": 50}),
                StandardField("Email_Opt_Out", _("No mailings"), FieldType.BOOLEAN),
            ),
        ),
        StandardSection(
            "mailing_address",
            _("Mailing address"),
            (
                StandardField("Mailing_Zip", _("Postal code"), options={"max_length": 30}),
                StandardField("Mailing_State", _("State or prefecture"), options={"max_length": 100}),
                StandardField("Mailing_City", _("City"), options={"max_length": 100}),
                StandardField("Mailing_Street", _("Street"), options={"max_length": 250}),
                StandardField("Mailing_Country", _("Country"), options={"max_length": 100}),
            ),
        ),
        StandardSection(
            "other_address",
            _("Other address"),
            (
                StandardField("Other_Zip", _("Postal code"), options={"max_length": 30}),
                StandardField("Other_State", _("State or prefecture"), options={"max_length": 100}),
                StandardField("Other_City", _("City"), options={"max_length": 100}),
                StandardField("Other_Street", _("Street"), options={"max_length": 250}),
                StandardField("Other_Country", _("Country"), options={"max_length": 100}),
            ),
        ),
        StandardSection(
            "description",
            pgettext_lazy("field", "Description"),
            (StandardField("Description", pgettext_lazy("field", "Description"), FieldType.TEXTAREA),),
        ),
    ),
)
