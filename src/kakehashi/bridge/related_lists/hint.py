"""Where a record shows no tickets since nobody chose its module, whoever could choose it is told."""

from django.urls import reverse

from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.directory import crm_side

from .choosing import ticket_modules
from .queries import connection_showing


def url_to_choose(org_id: int, module: str) -> str:
    """Where the module is chosen; "" where it is already, where it cannot be, and without a connection."""
    connection = living_connection(org_id)
    if connection is None or connection_showing(org_id, module):
        return ""
    found = next((one for one in ticket_modules(connection, crm_side(org_id)) if one.module == module), None)
    if found is None or found.obstacle:
        return ""
    return f"{reverse('desk_integration_related_lists', args=[org_id])}#module-{module}"
