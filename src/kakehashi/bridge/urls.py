from typing import Any

from django.urls import include, path

from .connection import desk_pages, ending_pages, owner_pages, setup
from .connection import pages as connection
from .invitations import pages as invitations
from .related_lists import pages as related_lists
from .ticket_panel import changing, creating, writing
from .ticket_panel import pages as panel

_integration = [
    path("", connection.integration, name="desk_integration"),
    path("setup", setup.setup, name="desk_integration_setup"),
    path("move", setup.move, name="desk_integration_move"),
    path("end", ending_pages.ending, name="desk_integration_end"),
    path("owners", owner_pages.owners, name="desk_integration_owners"),
    path("owners/new", owner_pages.owner_addition, name="desk_integration_owner_new"),
    path("owners/removal", owner_pages.owner_removal, name="desk_integration_owner_removal"),
    path("taking-over", owner_pages.taking_over, name="desk_integration_taking_over"),
    path("people", invitations.people, name="desk_integration_people"),
    path("people/new", invitations.inviting, name="desk_integration_inviting"),
    path("people/<int:seat_id>/invitation", invitations.invitation, name="desk_integration_invitation"),
    path("people/<int:seat_id>/withdrawal", invitations.withdrawal, name="desk_integration_withdrawal"),
    path("people/<int:seat_id>/role", invitations.role, name="desk_integration_role"),
    path("related-lists", related_lists.related_lists, name="desk_integration_related_lists"),
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
    path("composer", writing.composer, name="record_ticket_composer"),
    path("replies", writing.replies, name="record_ticket_replies"),
    path("comments", writing.comments, name="record_ticket_comments"),
    path("draft", writing.draft, name="record_ticket_draft"),
    path("suggestions", writing.suggestions, name="record_ticket_suggestions"),
    path("messages/<int:message_id>/withdrawal", writing.withdrawal, name="record_ticket_withdrawal"),
    path("messages/<int:message_id>/sending", writing.sending, name="record_ticket_sending"),
    path("attachments/<int:attachment_id>/", panel.attachment, name="record_ticket_attachment"),
]

_tickets: list[Any] = [
    path("", panel.ticket_list, name="record_tickets"),
    path("new", creating.new_ticket, name="record_ticket_new"),
    path("contacts", panel.contact_choices, name="record_tickets_contacts"),
    path("uploads", writing.uploads, name="record_tickets_uploads"),
    path("uploads/<int:attachment_id>/", writing.upload, name="record_tickets_upload"),
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

_portal: list[Any] = [
    path("settings/crm/", desk_pages.crm_integration, name="desk_connection"),
    path("settings/crm/deletion/", desk_pages.crm_integration_deletion, name="desk_connection_deletion"),
]

urlpatterns = [path("crm/<int:org_id>/", include(_org)), path("desk/<int:portal_id>/", include(_portal))]
