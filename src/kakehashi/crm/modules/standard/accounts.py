from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .choices import INDUSTRIES, RATINGS
from .definition import Choices, StandardField, StandardModule, StandardSection, lookup, picklist

ACCOUNT_TYPES: Choices = (
    ("Analyst", _("Analyst")),
    ("Competitor", _("Competitor")),
    ("Customer", pgettext_lazy("account type", "Customer")),
    ("Distributor", _("Distributor")),
    ("Integrator", _("Integrator")),
    ("Investor", _("Investor")),
    ("Partner", pgettext_lazy("account type", "Partner")),
    ("Press", _("Press")),
    ("Prospect", _("Prospect")),
    ("Reseller", _("Reseller")),
    ("Supplier", pgettext_lazy("account type", "Supplier")),
    ("Vendor", pgettext_lazy("account type", "Vendor")),
    ("Other", pgettext_lazy("account type", "Other")),
)

OWNERSHIPS: Choices = (
    ("Private", _("Privately held")),
    ("Public", _("Listed")),
    ("Subsidiary", _("Subsidiary")),
    ("Partnership", _("Partnership")),
    ("Government", pgettext_lazy("ownership", "Public body")),
    ("Other", pgettext_lazy("ownership", "Other")),
)

ACCOUNTS = StandardModule(
    api_name="Accounts",
    singular=pgettext_lazy("module", "Account"),
    plural=pgettext_lazy("module", "Accounts"),
    icon="building",
    name_fields=("Account_Name",),
    columns=("Phone", "Website", "Industry", "Account_Type", "Owner"),
    sections=(
        StandardSection(
            "main",
            _("Account information"),
            (
                StandardField("Account_Name", _("Account name"), is_required=True, is_unique=True),
                StandardField("Account_Number", _("Account number"), options={"max_length": 40}),
                lookup("Parent_Account", _("Parent account"), "Accounts"),
                StandardField("Account_Site", _("Site"), options={"max_length": 80}),
                StandardField("Phone", pgettext_lazy("field", "Phone"), FieldType.PHONE),
                StandardField("Fax", _("Fax"), FieldType.PHONE),
                StandardField("Website", _("Website"), FieldType.URL),
                picklist("Account_Type", _("Account type"), ACCOUNT_TYPES),
                picklist("Industry", _("Industry"), INDUSTRIES),
                StandardField("Annual_Revenue", _("Annual revenue"), FieldType.CURRENCY),
                StandardField("Employees", _("Employees"), FieldType.INTEGER),
                picklist("Ownership", _("Ownership"), OWNERSHIPS),
                picklist("Rating", pgettext_lazy("of a customer", "Rating"), RATINGS),
                StandardField("Ticker_Symbol", _("Ticker symbol"), options={"max_length": 30}),
                StandardField("SIC_Code", _("Industry code (SIC)"), FieldType.INTEGER),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
            ),
        ),
        StandardSection(
            "billing_address",
            _("Billing address"),
            (
                StandardField("Billing_Code", _("Postal code"), options={"max_length": 30}),
                StandardField("Billing_State", _("State or prefecture"), options={"max_length": 100}),
                StandardField("Billing_City", _("City"), options={"max_length": 100}),
                StandardField("Billing_Street", _("Street"), options={"max_length": 250}),
                StandardField("Billing_Country", _("Country"), options={"max_length": 100}),
            ),
        ),
        StandardSection(
            "shipping_address",
            _("Shipping address"),
            (
                StandardField("Shipping_Code", _("Postal code"), options={"max_length": 30}),
                StandardField("Shipping_State", _("State or prefecture"), options={"max_length": 100}),
                StandardField("Shipping_City", _("City"), options={"max_length": 100}),
                StandardField("Shipping_Street", _("Street"), options={"max_length": 250}),
                StandardField("Shipping_Country", _("Country"), options={"max_length": 100}),
            ),
        ),
        StandardSection(
            "description",
            pgettext_lazy("field", "Description"),
            (StandardField("Description", pgettext_lazy("field", "Description"), FieldType.TEXTAREA),),
        ),
    ),
)
