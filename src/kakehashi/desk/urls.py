"""All pages of the Desk."""

from django.urls import URLPattern, URLResolver, include, path

from .addresses import pages as addresses
from .bulk_changes import bin_pages as bins
from .bulk_changes import pages as bulk
from .business_hours import pages as hours
from .conversations import pages as conversations
from .customer_pages import pages as customer_pages
from .customer_pages import settings_pages as customer_settings
from .customers import list_pages as customer_lists
from .customers import pages as customers
from .developer import pages as developer
from .escalation import pages as escalation
from .intake import pages as intake
from .mailbox import pages as mailbox
from .mailboxes import pages as mailboxes
from .portals import activation
from .portals import pages as portals
from .presence import pages as presence
from .products import pages as products
from .ratings import pages as ratings
from .reply_templates import pages as replies
from .search import pages as search
from .statuses import pages as statuses
from .targets import pages as targets
from .ticket_fields import pages as ticket_fields
from .ticket_merging import pages as merging
from .ticket_tags import pages as tags
from .ticket_views import pages as lists
from .ticket_views import view_pages as views
from .tickets import list_pages as several
from .tickets import new_pages, pages
from .web_form import pages as web_forms
from .web_form import settings_pages as web_form_settings

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
_TICKETS: list[URLPattern | URLResolver] = [
    path("", lists.tickets, name="desk_tickets"),
    path("new/", new_pages.new_ticket, name="desk_ticket_new"),
    path("new/fields/", new_pages.new_ticket_fields, name="desk_ticket_new_fields"),
    path("restoration/", several.restoration, name="desk_tickets_restoration"),
    path("undo/<str:token>/", several.undo, name="desk_tickets_undo"),
    path("views/", include(_VIEWS)),
    path("changes/", include(_BULK)),
    path("merging/", merging.merging, name="desk_ticket_merging"),
    path("merging/<int:ticket_merge_id>/undo/", merging.unmerging, name="desk_unmerging"),
    path("<int:ticket_id>/tags/", tags.tags, name="desk_ticket_tags"),
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
_CONTACTS = [
    path("", customer_lists.contacts, name="desk_contacts"),
    path("new/", customers.new_contact, name="desk_contact_new"),
    path("options/", customer_lists.contact_options, name="desk_contact_options"),
    path("<int:contact_id>/", customers.contact, name="desk_contact"),
    path("<int:contact_id>/edit/", customers.edit_contact, name="desk_contact_edit"),
    path("<int:contact_id>/deletion/", customers.contact_deletion, name="desk_contact_deletion"),
    path("<int:contact_id>/restoration/", customers.contact_restoration, name="desk_contact_restoration"),
]
_ACCOUNTS = [
    path("", customer_lists.accounts, name="desk_accounts"),
    path("new/", customers.new_account, name="desk_account_new"),
    path("options/", customer_lists.account_options, name="desk_account_options"),
    path("<int:account_id>/", customers.account, name="desk_account"),
    path("<int:account_id>/edit/", customers.edit_account, name="desk_account_edit"),
    path("<int:account_id>/deletion/", customers.account_deletion, name="desk_account_deletion"),
    path("<int:account_id>/restoration/", customers.account_restoration, name="desk_account_restoration"),
]
_PRODUCTS = [
    path("", products.products, name="desk_products"),
    path("new/", products.new_product, name="desk_product_new"),
    path("<int:product_id>/", products.product, name="desk_product"),
    path("<int:product_id>/edit/", products.edit_product, name="desk_product_edit"),
    path("<int:product_id>/deletion/", products.product_deletion, name="desk_product_deletion"),
    path("<int:product_id>/restoration/", products.product_restoration, name="desk_product_restoration"),
]
_MAIL = [
    path("addresses/", addresses.addresses, name="desk_mail_addresses"),
    path("addresses/new/", addresses.address, name="desk_mail_address_new"),
    path("addresses/<int:address_id>/", addresses.address, name="desk_mail_address"),
    path("addresses/<int:address_id>/answering/", addresses.address_answering, name="desk_mail_address_answering"),
    path("addresses/<int:address_id>/deletion/", addresses.address_deletion, name="desk_mail_address_deletion"),
    path("servers/<int:department_id>/", addresses.server, name="desk_mail_server"),
    path("servers/<int:department_id>/test/", addresses.server_test, name="desk_mail_server_test"),
    path("servers/<int:department_id>/deletion/", addresses.server_deletion, name="desk_mail_server_deletion"),
    path("mailboxes/", mailboxes.mailboxes, name="desk_mailboxes"),
    path("mailboxes/new/", mailboxes.mailbox, name="desk_mailbox_new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.mailbox, name="desk_mailbox"),
    path("mailboxes/<int:mailbox_id>/test/", mailboxes.mailbox_test, name="desk_mailbox_test"),
    path("mailboxes/<int:mailbox_id>/reading/", mailboxes.mailbox_reading, name="desk_mailbox_reading"),
    path("mailboxes/<int:mailbox_id>/activation/", mailboxes.mailbox_activation, name="desk_mailbox_activation"),
    path("mailboxes/<int:mailbox_id>/deactivation/", mailboxes.mailbox_deactivation, name="desk_mailbox_deactivation"),
    path("mailboxes/<int:mailbox_id>/deletion/", mailboxes.mailbox_deletion, name="desk_mailbox_deletion"),
    path("incoming/", intake.incoming, name="desk_incoming_mails"),
    path("incoming/<int:mail_id>/", intake.incoming_mail, name="desk_incoming_mail"),
    path("incoming/<int:mail_id>/source/", intake.incoming_source, name="desk_incoming_source"),
    path("incoming/<int:mail_id>/filing/", intake.incoming_filing, name="desk_incoming_filing"),
    path("incoming/<int:mail_id>/retry/", intake.incoming_retry, name="desk_incoming_retry"),
    path("incoming/<int:mail_id>/dismissal/", intake.incoming_dismissal, name="desk_incoming_dismissal"),
]
_HOURS = [
    path("", hours.calendars, name="desk_calendars"),
    path("new/", hours.calendar, name="desk_calendar_new"),
    path("<int:calendar_id>/", hours.calendar, name="desk_calendar"),
    path("<int:calendar_id>/standing/", hours.calendar_standing, name="desk_calendar_standing"),
    path("<int:calendar_id>/deletion/", hours.calendar_deletion, name="desk_calendar_deletion"),
    path("<int:calendar_id>/promise/", hours.promise, name="desk_calendar_promise"),
    path("<int:calendar_id>/days/", hours.own_days, name="desk_calendar_days"),
    path("<int:calendar_id>/days/<int:day_id>/deletion/", hours.own_day_deletion, name="desk_calendar_day_deletion"),
]
_TARGETS = [
    path("", targets.targets, name="desk_targets"),
    path("new/", targets.target_set, name="desk_targets_new"),
    path("figures/", targets.figures, name="desk_figures"),
    path("<int:set_id>/", targets.target_set, name="desk_target_set"),
    path("<int:set_id>/deletion/", targets.target_set_deletion, name="desk_target_set_deletion"),
]
_ESCALATIONS = [
    path("", escalation.escalations, name="desk_escalations"),
    path("new/", escalation.new_rule, name="desk_escalation_new"),
    path("<int:rule_id>/levels/new/", escalation.new_level, name="desk_escalation_level_new"),
    path("<int:rule_id>/activation/", escalation.rule_activation, name="desk_escalation_activation"),
    path("<int:rule_id>/deactivation/", escalation.rule_deactivation, name="desk_escalation_deactivation"),
    path("<int:rule_id>/deletion/", escalation.rule_deletion, name="desk_escalation_deletion"),
    path("levels/<int:level_id>/", escalation.level, name="desk_escalation_level"),
    path("levels/<int:level_id>/deletion/", escalation.level_deletion, name="desk_escalation_level_deletion"),
]
_STATUSES = [
    path("", statuses.statuses, name="desk_statuses"),
    path("new/", statuses.status, name="desk_status_new"),
    path("order/", statuses.order, name="desk_status_order"),
    path("<int:status_id>/", statuses.status, name="desk_status"),
    path("<int:status_id>/retirement/", statuses.retirement, name="desk_status_retirement"),
]
_TICKET_FIELDS = [
    path("", ticket_fields.fields, name="desk_ticket_fields"),
    path("new/", ticket_fields.types, name="desk_ticket_field_types"),
    path("new/<str:kind>/", ticket_fields.new_field, name="desk_ticket_field_new"),
    path("order/", ticket_fields.order, name="desk_ticket_field_order"),
    path("<int:ticket_field_id>/", ticket_fields.field, name="desk_ticket_field"),
    path("<int:ticket_field_id>/removal/", ticket_fields.removal, name="desk_ticket_field_removal"),
    path("<int:ticket_field_id>/return/", ticket_fields.return_field, name="desk_ticket_field_return"),
    path("layouts/<int:department_id>/", ticket_fields.layout, name="desk_ticket_layout"),
    path("layouts/<int:department_id>/deletion/", ticket_fields.layout_deletion, name="desk_ticket_layout_deletion"),
]
_SETTINGS: list[URLPattern | URLResolver] = [
    path("", portals.portal_settings, name="desk_settings"),
    path("departments/", portals.departments, name="desk_departments"),
    path("departments/new/", portals.department, name="desk_department_new"),
    path("departments/<int:department_id>/", portals.department, name="desk_department"),
    path("templates/", replies.reply_templates, name="desk_reply_templates"),
    path("templates/new/", replies.reply_template, name="desk_reply_template_new"),
    path("templates/<int:template_id>/", replies.reply_template, name="desk_reply_template"),
    path("templates/<int:template_id>/deletion/", replies.reply_template_deletion, name="desk_reply_template_deletion"),
    path("mail/", include(_MAIL)),
    path("statuses/", include(_STATUSES)),
    path("ticket-fields/", include(_TICKET_FIELDS)),
    path("hours/", include(_HOURS)),
    path("targets/", include(_TARGETS)),
    path("escalations/", include(_ESCALATIONS)),
    path("web-forms/", web_form_settings.web_forms, name="desk_web_forms"),
    path("web-forms/<int:department_id>/", web_form_settings.web_form, name="desk_web_form"),
    path("customers/", customer_settings.customer_settings, name="desk_customer_settings"),
    path(
        "customers/<int:department_id>/",
        customer_settings.department_settings,
        name="desk_customers_of_department",
    ),
    path("agents/", portals.agents, name="desk_agents"),
    path("agents/<int:agent_id>/role/", portals.agent_role, name="desk_agent_role"),
    path("agents/<int:agent_id>/activation/", portals.agent_activation, name="desk_agent_activation"),
    path("agents/<int:agent_id>/invitation/", portals.agent_invitation, name="desk_agent_invitation"),
    path("agents/<int:agent_id>/withdrawal/", portals.agent_withdrawal, name="desk_agent_withdrawal"),
    path("keys/", developer.keys, name="desk_keys"),
    path("keys/<int:key_id>/revocation/", developer.key_revocation, name="desk_key_revocation"),
    path("agents/<int:agent_id>/deactivation/", portals.agent_deactivation, name="desk_agent_deactivation"),
]
_PORTAL: list[URLPattern | URLResolver] = [
    path("", lists.home, name="desk_home"),
    path("search/", search.search, name="desk_search"),
    path("tickets/", include(_TICKETS)),
    path("contacts/", include(_CONTACTS)),
    path("accounts/", include(_ACCOUNTS)),
    path("products/", include(_PRODUCTS)),
    path("settings/", include(_SETTINGS)),
    path("uploads/", conversations.uploads, name="desk_uploads"),
    path("uploads/<int:attachment_id>/", conversations.upload, name="desk_upload"),
    path("messages/<int:message_id>/withdrawal/", conversations.withdrawal, name="desk_message_withdrawal"),
    path("messages/<int:message_id>/original/", intake.message_original, name="desk_message_original"),
    path("messages/<int:message_id>/source/", intake.message_source, name="desk_message_source"),
    path("messages/<int:message_id>/images/", conversations.remote_images, name="desk_message_images"),
    path("messages/<int:message_id>/sending/", conversations.sending, name="desk_message_sending"),
]

_BY_LINK = [
    path("t/<str:token>/", customer_pages.ticket, name="customer_ticket"),
    path("t/<str:token>/closure/", customer_pages.closure, name="customer_closure"),
    path("t/<str:token>/files/<int:attachment_id>/", customer_pages.file, name="customer_file"),
    path("rate/<str:token>/", ratings.rating, name="customer_rating"),
    path("form/<str:key>/", web_forms.web_form, name="web_form"),
    path("form/<str:key>/embedded/", web_forms.embedded_form, name="web_form_embedded"),
]

urlpatterns = [
    *_BY_LINK,
    path("desk/activation/<str:token>/", activation.activation, name="desk_activation"),
    path("desk/<int:portal_id>/", include(_PORTAL)),
    path("dev/outbox/", mailbox.outbox, name="dev_outbox"),
    path("dev/outbox/write/", mailbox.write_as_customer, name="dev_outbox_write"),
    path("dev/outbox/<int:mail_id>/", mailbox.outbox_mail, name="dev_outbox_mail"),
    path("dev/outbox/<int:mail_id>/html/", mailbox.outbox_html, name="dev_outbox_html"),
]
