"""The demo's things as values of CRM records, by API name."""

from collections.abc import Mapping
from typing import Any

from kakehashi.assembly.demo.catalogue import Product
from kakehashi.assembly.demo.companies import Company
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.deals import Deal
from kakehashi.assembly.demo.leads import Lead
from kakehashi.assembly.demo.staff import COMPANY

Values = Mapping[str, Any]


def account_values(company: Company) -> Values:
    place = company.place
    return _filled(
        Account_Name=company.name,
        Phone=company.phone,
        Website=company.website,
        Industry=company.trade.industry,
        Account_Type=company.customer_type,
        Annual_Revenue=str(company.revenue),
        Employees=company.employees,
        Billing_Code=place.code,
        Billing_State=place.state,
        Billing_City=place.city,
        Billing_Street=place.street,
        Billing_Country=place.country,
        Description=company.description,
    )


def contact_values(contact: Customer, account_id: int) -> Values:
    name, place = contact.name, contact.company.place
    return _filled(
        Last_Name=name.family,
        First_Name=name.given,
        Last_Name_Kana=name.family_kana,
        First_Name_Kana=name.given_kana,
        Account_Name=account_id,
        Email=contact.email,
        Secondary_Email=contact.secondary_email,
        Other_Emails=_further_addresses(contact),
        Phone=contact.phone,
        Mobile=contact.mobile,
        Department=contact.department,
        Title=contact.title,
        Lead_Source=contact.source,
        Mailing_Zip=place.code,
        Mailing_State=place.state,
        Mailing_City=place.city,
        Mailing_Street=place.street,
        Mailing_Country=place.country,
    )


def _further_addresses(contact: Customer) -> list[dict[str, str]]:
    """Some people have more than two: each with a word for what it is."""
    if contact.key % 14 != 1:
        return []
    is_japanese, local = contact.language == "ja", contact.email.partition("@")[0]
    labels = {"mobile": "携帯" if is_japanese else "Mobile", "former": "旧アドレス" if is_japanese else "Former"}
    return [{"value": f"{local}.{contact.key}@{place}.example", "label": label} for place, label in labels.items()]


def deal_values(deal: Deal, account_id: int, contact_id: int) -> Values:
    return _filled(
        Deal_Name=deal.name,
        Account_Name=account_id,
        Contact_Name=contact_id,
        Stage=deal.stage,
        Amount=str(deal.amount),
        Closing_Date=deal.closing.isoformat(),
        Probability=str(deal.probability),
        Type=deal.kind,
        Lead_Source=deal.source,
        Next_Step=deal.next_step,
        Reason_For_Loss__s=deal.loss,
    )


def lead_values(lead: Lead) -> Values:
    name, place = lead.name, lead.place
    return _filled(
        Last_Name=name.family,
        First_Name=name.given,
        Last_Name_Kana=name.family_kana,
        First_Name_Kana=name.given_kana,
        Company=lead.company,
        Email=lead.email,
        Phone=lead.phone,
        Lead_Status=lead.status,
        Lead_Source=lead.source,
        Industry=lead.industry,
        Rating=lead.rating,
        Zip_Code=place.code,
        State=place.state,
        City=place.city,
        Street=place.street,
        Country=place.country,
        Description=lead.description,
    )


def product_values(product: Product) -> Values:
    return _filled(
        Product_Name=product.name,
        Product_Code=product.code,
        Product_Category=product.category,
        Product_Active=True,
        Manufacturer=COMPANY,
        Unit_Price=str(product.price),
        Usage_Unit="Month" if product.code.startswith("CM-") else "Piece",
        Qty_in_Stock=str(product.stock),
        Description=product.description,
    )


def _filled(**values: Any) -> Values:
    return {name: value for name, value in values.items() if value not in ("", [])}
