from django.utils.translation import gettext_lazy as _

from kakehashi.core.normalise.names import normal_name
from kakehashi.core.normalise.text import fold
from kakehashi.desk.records.fields import RecordField
from kakehashi.desk.records.searching import tokens_of
from kakehashi.desk.records.writing import Kind

from .models import Product

PRODUCT_FIELDS = (
    RecordField("productName", "product_name", _("Product name"), max_length=200, is_required=True),
    RecordField("productCode", "product_code", _("Product code"), max_length=80),
    RecordField("unitPrice", "unit_price", _("Unit price"), "decimal"),
    RecordField("description", "description", _("Description"), "textarea", 32_000),
)


def derive_product(product: Product) -> None:
    product.name_normal = normal_name(product.product_name)[:200]
    product.code_normal = fold(product.product_code)[:80]
    product.search = tokens_of(product.portal_id, f"{product.product_name} {product.product_code}")


PRODUCT: Kind[Product] = Kind(
    "product", Product, PRODUCT_FIELDS, derive_product, ("name_normal", "code_normal", "search")
)
