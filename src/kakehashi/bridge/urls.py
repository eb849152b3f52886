from typing import Any

from django.urls import include, path

from .connection import desk_pages, ending_pages, owner_pages, setup
from .connection import pages as connection
from .customer_card import desk_pages as crm_card
from .customer_card import pages as customer_card
from .customer_types import pages as customer_types
from .customer_types import settings_pages as type_settings
from .deal_links import desk_pages as desk_deals
from .deal_links import pages as deal_links
from .decisions import conflict_pages, match_pages
from .invitations import pages as invitations
from .questions import desk_list as desk_question_list
from .questions import desk_pages as desk_questions
from .questions import pages as questions
from .related_lists import pages as related_lists
from .signals import pages as signals
from .statistics import pages as statistics
from .sync_health import pages as sync_health
from .sync_health import record_pages, report_pages
from .sync_journal import pages as sync_journal
from .sync_mapping import pages as sync_mapping
from .sync_plan import pages as sync_plan
from .sync_scope import pages as sync_scope
from .sync_settings import pages as sync_settings
from .ticket_panel import changing, creating, filter_pages, writing
from .ticket_panel import pages as panel
from .ticket_panel import sheet_pages as sheet

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
    path("matches", match_pages.matches, name="desk_integration_matches"),
    path("matches/decisions", match_pages.match_decisions, name="desk_integration_match_choices"),
    path("matches/reopenings", match_pages.match_reopenings, name="desk_integration_match_again"),
    path("conflicts", conflict_pages.conflicts, name="desk_integration_conflicts"),
    path("conflicts/decisions", conflict_pages.conflict_decisions, name="desk_integration_settlements"),
]

_modules = [
    path("", sync_settings.modules, name="desk_integration_modules"),
    path("<str:sync_module>/", sync_settings.module_settings, name="desk_integration_module"),
    path("<str:sync_module>/meaning", sync_settings.module_meaning, name="desk_integration_module_meaning"),
    path("<str:sync_module>/start", sync_settings.module_start, name="desk_integration_module_start"),
    path("<str:sync_module>/removal", sync_settings.module_removal, name="desk_integration_module_gone"),
    path("<str:sync_module>/records/<str:side>/", sync_scope.scope, name="desk_integration_scope"),
    path("<str:sync_module>/records/<str:side>/count", sync_scope.scope_count, name="desk_integration_scope_count"),
    path("<str:sync_module>/records/<str:side>/row", sync_scope.scope_row, name="desk_integration_scope_row"),
    path("<str:sync_module>/records/<str:side>/group", sync_scope.scope_group, name="desk_integration_scope_group"),
    path("<str:sync_module>/fields", sync_mapping.fields, name="desk_integration_fields"),
    path("<str:sync_module>/fields/draft", sync_mapping.fields_draft, name="desk_integration_fields_draft"),
]

_plan = [
    path("", sync_plan.plan, name="desk_integration_plan"),
    path("approval", sync_plan.approval, name="desk_integration_plan_approval"),
    path("rows", sync_plan.choosing, name="desk_integration_plan_rows"),
    path("again", sync_plan.again, name="desk_integration_plan_again"),
    path("file", sync_plan.file, name="desk_integration_plan_file"),
]

_health = [
    path("", sync_health.health, name="desk_integration_health"),
    path("comparisons", sync_health.comparing, name="desk_integration_comparing"),
    path("comparisons/<int:run_id>/", report_pages.report, name="desk_integration_report"),
    path("retries", sync_health.retrying, name="desk_integration_retrying"),
    path("records/", record_pages.records, name="desk_integration_records"),
    path("records/<str:sync_module>/<str:side>/<int:record_id>/", record_pages.record, name="desk_integration_record"),
    path(
        "records/<str:sync_module>/<str:side>/<int:record_id>/retry",
        record_pages.record_retry,
        name="desk_integration_record_retry",
    ),
]

_ticket = [
    path("", sheet.ticket, name="record_ticket"),
    path("head", sheet.head, name="record_ticket_head"),
    path("conversation", sheet.talk, name="record_ticket_talk"),
    path("conversation/earlier", sheet.earlier, name="record_ticket_earlier"),
    path("properties", sheet.properties, name="record_ticket_properties"),
    path("properties/undo/<str:token>", sheet.undoing, name="record_ticket_undoing"),
    path("deals", deal_links.deals_of_ticket, name="record_ticket_deals"),
    path("history", sheet.history, name="record_ticket_history"),
    path("presence", sheet.presence, name="record_ticket_presence"),
    path("takeover", sheet.takeover, name="record_ticket_takeover"),
    path("composer", writing.composer, name="record_ticket_composer"),
    path("replies", writing.replies, name="record_ticket_replies"),
    path("comments", writing.comments, name="record_ticket_comments"),
    path("draft", writing.draft, name="record_ticket_draft"),
    path("suggestions", writing.suggestions, name="record_ticket_suggestions"),
    path("messages/<int:message_id>/withdrawal", writing.withdrawal, name="record_ticket_withdrawal"),
    path("messages/<int:message_id>/sending", writing.sending, name="record_ticket_sending"),
    path("messages/<int:message_id>/images", sheet.images, name="record_ticket_images"),
    path("attachments/<int:attachment_id>/", panel.attachment, name="record_ticket_attachment"),
]

_deals = [
    path("linking", deal_links.linking, name="record_deal_linking"),
    path("choices", deal_links.deal_choices, name="record_deal_choices"),
    path("links", deal_links.links, name="record_deal_links"),
    path("unlinking", deal_links.unlinking, name="record_deal_unlinking"),
    path("unlinks", deal_links.unlinks, name="record_deal_unlinks"),
    path("refusals", deal_links.refusals, name="record_deal_refusals"),
    path("returns", deal_links.returns, name="record_deal_returns"),
]

_tickets: list[Any] = [
    path("", panel.ticket_list, name="record_tickets"),
    path("statistics", statistics.record_statistics, name="record_statistics"),
    path("filter", filter_pages.conditions, name="record_tickets_filter"),
    path("filter/row", filter_pages.row, name="record_tickets_filter_row"),
    path("filter/group", filter_pages.group, name="record_tickets_filter_group"),
    path("filters", filter_pages.saving, name="record_tickets_filter_saving"),
    path("filters/<int:saved_filter_id>/removal", filter_pages.removal, name="record_tickets_filter_removal"),
    path("filters/<int:saved_filter_id>/restoration", filter_pages.restoration, name="record_tickets_filter_undo"),
    path("new", creating.new_ticket, name="record_ticket_new"),
    path("new/fields", creating.new_ticket_fields, name="record_ticket_new_fields"),
    path("new/draft", creating.new_ticket_draft, name="record_ticket_new_draft"),
    path("new/suggestions", creating.new_ticket_suggestions, name="record_ticket_new_suggestions"),
    path("contacts", panel.contact_choices, name="record_tickets_contacts"),
    path("accounts", panel.account_choices, name="record_tickets_accounts"),
    path("uploads", writing.uploads, name="record_tickets_uploads"),
    path("uploads/<int:attachment_id>/", writing.upload, name="record_tickets_upload"),
    path("update", changing.update_form, name="record_tickets_update"),
    path("values", changing.values, name="record_tickets_values"),
    path("closures", changing.closures, name="record_tickets_closures"),
    path("removals", changing.removals, name="record_tickets_removals"),
    path("restorations", changing.restorations, name="record_tickets_restorations"),
    path("changes/<int:change_id>/", changing.change, name="record_tickets_change"),
    path("changes/<int:change_id>/undoing", changing.undoing, name="record_tickets_undoing"),
    path("deals/", include(_deals)),
    path("<int:ticket_id>/", include(_ticket)),
]

_types = [
    path("", type_settings.columns, name="desk_integration_types"),
    path("order", type_settings.order, name="desk_integration_types_order"),
    path("defaults", type_settings.defaults, name="desk_integration_types_defaults"),
    path("new", type_settings.column, name="desk_integration_type_new"),
    path("<int:type_column_id>/", type_settings.column, name="desk_integration_type"),
    path("<int:type_column_id>/removal", type_settings.removal, name="desk_integration_type_removal"),
    path("<int:type_column_id>/return", type_settings.giving_back, name="desk_integration_type_return"),
    path("conditions/<str:about>/", type_settings.conditions, name="desk_integration_type_filter"),
    path("conditions/<str:about>/row", type_settings.row, name="desk_integration_type_row"),
    path("conditions/<str:about>/group", type_settings.group, name="desk_integration_type_group"),
]

_org: list[Any] = [
    path("questions/", questions.questions, name="crm_questions"),
    path("questions/<int:question_id>/", questions.question, name="crm_question"),
    path("questions/<int:question_id>/answer", questions.question_answer, name="crm_question_answer"),
    path("<str:module>/<int:record_id>/tickets/", include(_tickets)),
    path("<str:module>/<int:record_id>/desk", customer_card.desk_details, name="record_desk_details"),
    path("settings/desk/modules/", include(_modules)),
    path("settings/desk/plan/", include(_plan)),
    path("settings/desk/health/", include(_health)),
    path("settings/desk/customer-types/", include(_types)),
    path("settings/desk/journal/", sync_journal.journal, name="desk_integration_journal"),
    path("settings/desk/journal/undoing", sync_journal.undoing, name="desk_integration_undoing"),
    path("settings/desk/", include(_integration)),
    path("settings/signals", signals.signals, name="desk_integration_signals"),
]

_ticket_deals = [
    path("linking", desk_deals.linking, name="desk_deal_linking"),
    path("choices", desk_deals.deal_choices, name="desk_deal_choices"),
    path("links", desk_deals.links, name="desk_deal_links"),
    path("unlinking", desk_deals.unlinking, name="desk_deal_unlinking"),
    path("unlinks", desk_deals.unlinks, name="desk_deal_unlinks"),
    path("refusals", desk_deals.refusals, name="desk_deal_refusals"),
    path("returns", desk_deals.returns, name="desk_deal_returns"),
]

_portal: list[Any] = [
    path("crm-card/", crm_card.crm_card, name="desk_crm_card"),
    path("customer-types/", customer_types.board, name="desk_customer_types"),
    path("customer-types/<int:type_column_id>/", customer_types.more, name="desk_customer_type_more"),
    path("customer-types/<int:type_column_id>/folding", customer_types.folding, name="desk_customer_type_folding"),
    path("tickets/<int:ticket_id>/deals/", include(_ticket_deals)),
    path("questions/", desk_question_list.questions, name="desk_questions"),
    path("tickets/<int:ticket_id>/questions/new", desk_questions.asking, name="desk_question_asking"),
    path(
        "tickets/<int:ticket_id>/questions/<int:question_id>/withdrawal",
        desk_questions.withdrawal,
        name="desk_question_withdrawal",
    ),
    path("settings/crm/", desk_pages.crm_integration, name="desk_connection"),
    path("settings/crm/deletion/", desk_pages.crm_integration_deletion, name="desk_connection_deletion"),
]

urlpatterns = [path("crm/<int:org_id>/", include(_org)), path("desk/<int:portal_id>/", include(_portal))]
