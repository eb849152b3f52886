"""What of a lead goes into the contact, the account and the deal that it becomes. Pure."""

from collections.abc import Mapping
from typing import Any

from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.registry import clean_value
from kakehashi.crm.modules.schema import ModuleSchema

_SAME_IN_CONTACT = (
    "Last_Name", "First_Name", "Last_Name_Kana", "First_Name_Kana", "Email", "Secondary_Email", "Phone", "Mobile", "Fax", "Lead_Source",
    "Salutation", "Skype_ID", "Twitter", "Email_Opt_Out", "Description",
)  # fmt: skip
_STANDARD: Mapping[str, Mapping[str, str]] = {
    "Contacts": {
        **{name: name for name in _SAME_IN_CONTACT},
        "Designation": "Title",
        "Zip_Code": "Mailing_Zip",
        "State": "Mailing_State",
        "City": "Mailing_City",
        "Street": "Mailing_Street",
        "Country": "Mailing_Country",
    },
    "Accounts": {
        "Company": "Account_Name",
        "Phone": "Phone",
        "Fax": "Fax",
        "Website": "Website",
        "Industry": "Industry",
        "Annual_Revenue": "Annual_Revenue",
        "No_of_Employees": "Employees",
        "Rating": "Rating",
        "Zip_Code": "Billing_Code",
        "State": "Billing_State",
        "City": "Billing_City",
        "Street": "Billing_Street",
        "Country": "Billing_Country",
    },
    "Deals": {"Lead_Source": "Lead_Source", "Description": "Description"},
}


def values_for(target: ModuleSchema, lead: Mapping[str, Any], leads: ModuleSchema) -> dict[str, Any]:
    """The lead's values by the target's field names; a custom field goes where one of its name and type is. What does not fit is left out."""
    mapped: dict[str, Any] = {}
    for name, value in lead.items():
        goes_to = _goes_to(name, target, leads)
        field = target.fields.get(goes_to)
        if field is None or field.is_read_only or value in (None, "", []):
            continue
        try:
            cleaned = clean_value(value, field)
        except (ValueRefused, TypeError, ValueError, AttributeError):
            continue
        if cleaned is not None:
            mapped[goes_to] = cleaned
    return mapped


def _goes_to(name: str, target: ModuleSchema, leads: ModuleSchema) -> str:
    standard = _STANDARD.get(target.api_name, {})
    if name in standard:
        return standard[name]
    own, other = leads.fields.get(name), target.fields.get(name)
    return name if own and other and own.is_custom and other.is_custom and own.type == other.type else ""
