"""Who has the Desk as a tab of the CRM (spec B1, B2), and the frame that its pages stand in then."""

from django.http import HttpRequest

from kakehashi.bridge.connection.queries import connection_of_portal, living_connection
from kakehashi.bridge.sides.directory import desk_front, front
from kakehashi.core.errors import NotFound
from kakehashi.ui.shell.workspace import Frame

from .addresses import within

KEY = "desk_tab"


def is_connected(org_id: int) -> bool:
    return living_connection(org_id) is not None


def tab_url(org_id: int, person_id: int) -> str:
    """Where the tab leads; "" for who has no active account in the connected portal. Two queries."""
    connection = living_connection(org_id)
    if connection is None or not desk_front().has_seat(connection.portal_id, person_id):
        return ""
    return within(desk_front().home_url(connection.portal_id))


def frame_of(request: HttpRequest, portal_id: int) -> Frame | None:
    """The CRM around the Desk, for who has the tab there."""
    connection = connection_of_portal(portal_id)
    if connection is None:
        return None
    try:
        workspace = front().visit(request, connection.org_id).workspace()
    except NotFound:
        return None
    return Frame(workspace, KEY) if any(tab.key == KEY for tab in workspace.tabs) else None
