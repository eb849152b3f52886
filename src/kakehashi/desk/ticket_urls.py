"""Pages of tickets: lists, one ticket with its conversation, and what is done with several."""

from django.urls import URLPattern, URLResolver, include, path

from .bulk_changes import bin_pages as bins
from .bulk_changes import pages as bulk
from .conversations import pages as conversations
from .customer_pages import settings_pages as customer_settings
from .followers import pages as followers
from .intake import pages as intake
from .presence import pages as presence
from .ticket_exports import pages as exports
from .ticket_merging import pages as merging
from .ticket_tags import pages as tags
from .ticket_views import pages as lists
from .ticket_views import view_pages as views
from .tickets import list_pages as several
from .tickets import new_pages, pages

_VIEWS = [
    path("counts/", lists.counts, name="desk_view_counts"),
    path("layout/<str:layout>/", lists.layout, name="desk_list_layout"),
    path("filter/", views.conditions, name="desk_list_filter"),
    path("filter/row/", views.row, name="desk_list_filter_row"),
    path("filter/group/", views.group, name="desk_list_filter_group"),
    path("columns/", views.columns, name="desk_list_columns"),
    path("new/", views.new_view, name="desk_view_new"),
    path("default/", views.default, name="desk_view_default"),
    path("<int:ticket_view_id>/", views.view, name="desk_view"),
    path("<int:ticket_view_id>/content/", views.content, name="desk_view_content"),
    path("<int:ticket_view_id>/deletion/", views.deletion, name="desk_view_deletion"),
    path("<int:ticket_view_id>/restoration/", views.restoration, name="desk_view_restoration"),
]
_BULK = [
    path("", bulk.changes, name="desk_bulk_changes"),
    path("start/<str:deed>/", bulk.start, name="desk_bulk_start"),
    path("<int:change_id>/", bulk.change, name="desk_bulk_change"),
    path("<int:change_id>/undo/", bulk.undo, name="desk_bulk_undo"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.tickets, name="desk_tickets"),
    path("new/", new_pages.new_ticket, name="desk_ticket_new"),
    path("new/fields/", new_pages.new_ticket_fields, name="desk_ticket_new_fields"),
    path("restoration/", several.restoration, name="desk_tickets_restoration"),
    path("undo/<str:token>/", several.undo, name="desk_tickets_undo"),
    path("views/", include(_VIEWS)),
    path("export/", exports.download, name="desk_ticket_export"),
    path("export/new/", exports.new, name="desk_ticket_export_new"),
    path("changes/", include(_BULK)),
    path("merging/", merging.merging, name="desk_ticket_merging"),
    path("merging/<int:ticket_merge_id>/undo/", merging.unmerging, name="desk_unmerging"),
    path("splitting/<int:ticket_split_id>/undo/", merging.unsplitting, name="desk_unsplitting"),
    path("<int:ticket_id>/tags/", tags.tags, name="desk_ticket_tags"),
    path("<int:ticket_id>/followers/", followers.followers, name="desk_followers"),
    path("<int:ticket_id>/splitting/", merging.splitting, name="desk_ticket_splitting"),
    path("<int:ticket_id>/moving/", merging.moving, name="desk_ticket_moving"),
    path("presence/", presence.in_list, name="desk_list_presence"),
    path("<int:ticket_id>/presence/", presence.presence, name="desk_presence"),
    path("<int:ticket_id>/presence/takeover/", presence.takeover, name="desk_presence_takeover"),
    path("bin/", bins.ticket_bin, name="desk_ticket_bin"),
    path("<int:ticket_id>/status/", several.ticket_status, name="desk_ticket_status"),
    path("<int:ticket_id>/", pages.ticket, name="desk_ticket"),
    path("<int:ticket_id>/head/", pages.head, name="desk_ticket_head"),
    path("<int:ticket_id>/properties/", pages.properties, name="desk_ticket_properties"),
    path("<int:ticket_id>/closure/", pages.ticket_closure, name="desk_ticket_closure"),
    path("<int:ticket_id>/deletion/", pages.ticket_deletion, name="desk_ticket_deletion"),
    path("<int:ticket_id>/spam/", pages.ticket_spam, name="desk_ticket_spam"),
    path("<int:ticket_id>/links/revocation/", customer_settings.links_revocation, name="desk_ticket_links_revocation"),
    path("<int:ticket_id>/hint/", intake.ticket_hint, name="desk_ticket_hint"),
    path("<int:ticket_id>/hint/deletion/", intake.ticket_hint_deletion, name="desk_ticket_hint_deletion"),
    path("<int:ticket_id>/joining/", intake.ticket_joining, name="desk_ticket_joining"),
    path("<int:ticket_id>/attribution/", intake.ticket_attribution, name="desk_ticket_attribution"),
    path("<int:ticket_id>/conversation/", conversations.conversation, name="desk_conversation"),
    path("<int:ticket_id>/composer/", conversations.composer, name="desk_composer"),
    path("<int:ticket_id>/replies/", conversations.replies, name="desk_replies"),
    path("<int:ticket_id>/comments/", conversations.comments, name="desk_comments"),
    path("<int:ticket_id>/suggestions/", conversations.suggestions, name="desk_suggestions"),
    path("<int:ticket_id>/draft/", conversations.draft, name="desk_draft"),
    path("<int:ticket_id>/attachments/<int:attachment_id>/", conversations.attachment, name="desk_attachment"),
]
