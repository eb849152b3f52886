from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.access import DeskAccess

from .models import Product


def find_product(access: DeskAccess, product_id: int) -> Product:
    """One of the portal, live or in the recycle bin. Raises `NotFound`."""
    found = Product.objects.filter(portal=access.portal, pk=product_id).defer("search").first()
    if found is None:
        raise NotFound
    found.portal = access.portal
    return found
