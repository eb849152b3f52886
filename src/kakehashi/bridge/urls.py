from typing import Any

from django.urls import include, path

from .connection import pages as connection
from .connection import setup
from .ticket_panel import changing, creating, writing
from .ticket_panel import pages as panel

_integration = [
    path("", connection.integration, name="desk_integration"),
    path("setup", setup.setup, name="desk_integration_setup"),
    path("sync", connection.sync_card, name="desk_integration_sync"),
    path("pause", connection.pausing, name="desk_integration_pause"),
    path("resumption", connection.resumption, name="desk_integration_resumption"),
    path("problems", connection.problems, name="desk_integration_problems"),
    path("retries", connection.retry, name="desk_integration_retry"),
]

_ticket = [
    path("", panel.ticket, name="record_ticket"),
    path("conversation", panel.talk, name="record_ticket_talk"),
    path("head", panel.head, name="record_ticket_head"),
    path("properties", panel.properties, name="record_ticket_properties"),
    path("value", changing.value, name="record_ticket_value"),
    path("replies", writing.replies, name="record_ticket_replies"),
    path("forwards", writing.forwards, name="record_ticket_forwards"),
    path("comments", writing.comments, name="record_ticket_comments"),
    path("attachments/<int:attachment_id>/", panel.attachment, name="record_ticket_attachment"),
]

_tickets: list[Any] = [
    path("", panel.ticket_list, name="record_tickets"),
    path("new", creating.new_ticket, name="record_ticket_new"),
    path("contacts", panel.contact_choices, name="record_tickets_contacts"),
    path("update", changing.update_form, name="record_tickets_update"),
    path("values", changing.values, name="record_tickets_values"),
    path("closures", changing.closures, name="record_tickets_closures"),
    path("removals", changing.removals, name="record_tickets_removals"),
    path("restorations", changing.restorations, name="record_tickets_restorations"),
    path("<int:ticket_id>/", include(_ticket)),
]

_org: list[Any] = [
    path("<str:module>/<int:record_id>/tickets/", include(_tickets)),
    path("settings/desk/", include(_integration)),
]

urlpatterns = [path("crm/<int:org_id>/", include(_org))]
