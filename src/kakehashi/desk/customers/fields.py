"""Which API name is which column, of contacts and accounts (contracts §3.8, §3.9)."""

from django.utils.translation import gettext_lazy as _

from kakehashi.desk.records.fields import RecordField

CONTACT_FIELDS = (
    RecordField("lastName", "last_name", _("Last name"), max_length=100, is_required=True),
    RecordField("firstName", "first_name", _("First name"), max_length=100),
    RecordField("accountId", "account_id", _("Account name"), "account"),
    RecordField("email", "email", _("E-mail"), "email", 254),
    RecordField("secondaryEmail", "secondary_email", _("Secondary e-mail"), "email", 254),
    RecordField("moreEmails", "more_emails", _("More e-mail addresses"), "emails", 254),
    RecordField("phone", "phone", _("Phone"), "phone", 60),
    RecordField("mobile", "mobile", _("Mobile"), "phone", 60),
    RecordField("morePhones", "more_phones", _("More phone numbers"), "phones", 60),
    RecordField("title", "title", _("Title"), max_length=120),
    RecordField("zip", "zip", _("Postal code"), max_length=40),
    RecordField("country", "country", _("Country"), max_length=100),
    RecordField("state", "state", _("State / prefecture"), max_length=100),
    RecordField("city", "city", _("City"), max_length=100),
    RecordField("street", "street", _("Street"), max_length=250),
    RecordField("description", "description", _("Description"), "textarea", 32_000),
)

ACCOUNT_FIELDS = (
    RecordField("accountName", "account_name", _("Account name"), max_length=200, is_required=True),
    RecordField("email", "email", _("E-mail"), "email", 254),
    RecordField("website", "website", _("Website"), "url", 250),
    RecordField("phone", "phone", _("Phone"), "phone", 60),
    RecordField("fax", "fax", _("Fax"), "phone", 60),
    RecordField("industry", "industry", _("Industry"), max_length=120),
    RecordField("annualrevenue", "annualrevenue", _("Annual revenue"), "decimal"),
    RecordField("code", "code", _("Postal code"), max_length=40),
    RecordField("country", "country", _("Country"), max_length=100),
    RecordField("state", "state", _("State / prefecture"), max_length=100),
    RecordField("city", "city", _("City"), max_length=100),
    RecordField("street", "street", _("Street"), max_length=250),
    RecordField("description", "description", _("Description"), "textarea", 32_000),
)
