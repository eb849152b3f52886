from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .definition import Choices, StandardField, StandardModule, StandardSection, picklist

PRODUCT_CATEGORIES: Choices = (
    ("Hardware", _("Hardware")),
    ("Software", _("Software")),
    ("CRM Applications", _("Cloud service")),
    ("Service", pgettext_lazy("product", "Service")),
    ("Other", pgettext_lazy("product", "Other")),
)

USAGE_UNITS: Choices = (
    ("Piece", pgettext_lazy("unit", "Piece")),
    ("Box", pgettext_lazy("unit", "Box")),
    ("Each", pgettext_lazy("unit", "Each")),
    ("Hours", pgettext_lazy("unit", "Hour")),
    ("Month", pgettext_lazy("unit", "Month")),
    ("Year", pgettext_lazy("unit", "Year")),
)

PRODUCTS = StandardModule(
    api_name="Products",
    singular=pgettext_lazy("module", "Product"),
    plural=pgettext_lazy("module", "Products"),
    icon="package",
    name_fields=("Product_Name",),
    columns=("Product_Code", "Unit_Price", "Product_Category", "Product_Active", "Owner"),
    sections=(
        StandardSection(
            "main",
            _("Product information"),
            (
                StandardField("Product_Name", _("Product name"), is_required=True, options={"max_length": 200}),
                StandardField("Product_Code", _("Product code"), is_unique=True, options={"max_length": 40}),
                StandardField("Product_Active", _("On sale"), FieldType.BOOLEAN, options={"default": True}),
                picklist("Product_Category", _("Product category"), PRODUCT_CATEGORIES),
                StandardField("Manufacturer", _("Manufacturer"), options={"max_length": 120}),
                StandardField("Vendor_Name", _("Vendor"), options={"max_length": 120}),
                StandardField("Sales_Start_Date", _("Sales start"), FieldType.DATE),
                StandardField("Sales_End_Date", _("Sales end"), FieldType.DATE),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
            ),
        ),
        StandardSection(
            "price",
            _("Price and stock"),
            (
                StandardField("Unit_Price", _("Unit price"), FieldType.CURRENCY),
                picklist("Usage_Unit", pgettext_lazy("of a product", "Unit"), USAGE_UNITS),
                StandardField("Qty_in_Stock", _("In stock"), FieldType.DECIMAL),
            ),
        ),
        StandardSection(
            "description",
            pgettext_lazy("field", "Description"),
            (StandardField("Description", pgettext_lazy("field", "Description"), FieldType.TEXTAREA),),
        ),
    ),
)
