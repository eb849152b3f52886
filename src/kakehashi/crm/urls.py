from django.urls import URLPattern, URLResolver, include, path

from .audit import pages as audit
from .deal_stages import pages as stages
from .deals import board, moving
from .exports import pages as exports
from .files import pages as files
from .founding import pages as founding
from .hierarchy import panel as hierarchy
from .imports import mapping_pages as import_mapping
from .imports import pages as imports
from .leads import pages as leads
from .list_views import columns_pages, filter_pages, view_pages
from .list_views import pages as lists
from .mass_actions import dialogs as mass_dialogs
from .mass_actions import pages as mass
from .members import pages as members
from .merging import pages as merging
from .notes import pages as notes
from .people import pages as people
from .profiles import pages as profiles
from .quick_create import pages as quick_create
from .record_form import pages as form
from .record_page import files as field_files
from .record_page import folding, inline
from .record_page import pages as page
from .recycle_bin import pages as recycle_bin
from .roles import pages as roles
from .sales_signals import deeds as signal_deeds
from .sales_signals import habit_pages as signal_habits
from .sales_signals import mark_pages as signal_marks
from .sales_signals import pages as signals
from .search import pages as search
from .settings import pages as settings
from .tabs import pages as tabs
from .tags import pages as tags
from .visibility import pages as visibility

_record = [
    path("", page.record, name="crm_record"),
    path("head", page.head, name="crm_record_head"),
    path("cards", page.cards, name="crm_record_cards"),
    path("history", page.history, name="crm_record_history"),
    path("signals", signal_marks.record_signals, name="crm_record_signals"),
    path("signals/mark", signal_marks.record_mark, name="crm_record_mark"),
    path("visibility", visibility.visibility, name="crm_visibility"),
    path("row", lists.row, name="crm_row"),
    path("edit", form.edit, name="crm_record_edit"),
    path("deletion", page.deletion, name="crm_record_deletion"),
    path("stage", moving.stage, name="crm_deal_stage"),
    path("stage/return", moving.returning, name="crm_deal_stage_return"),
    path("similar", merging.similar, name="crm_similar"),
    path("fields/<str:field_name>/primary", people.primary, name="crm_primary"),
    path("fields/<str:field_name>", inline.field, name="crm_field"),
    path("files/<str:field_name>", field_files.file, name="crm_field_file"),
]

_belongings = [
    path("tags/", tags.record_tags, name="crm_record_tags"),
    path("tags/<int:tag_id>/removal", tags.untag, name="crm_record_untag"),
    path("hierarchy/totals", hierarchy.totals, name="crm_hierarchy_totals"),
    path("notes/", notes.notes, name="crm_notes"),
    path("notes/new", notes.new, name="crm_note_new"),
    path("notes/<int:note_id>/", notes.note, name="crm_note"),
    path("notes/<int:note_id>/pin", notes.pin, name="crm_note_pin"),
    path("notes/<int:note_id>/deletion", notes.deletion, name="crm_note_deletion"),
    path("notes/<int:note_id>/restoration", notes.restoration, name="crm_note_restoration"),
    path("files/", files.files, name="crm_files"),
    path("files/<int:file_id>/", files.file, name="crm_file"),
    path("files/<int:file_id>/preview", files.preview, name="crm_file_preview"),
    path("files/<int:file_id>/deletion", files.deletion, name="crm_file_deletion"),
    path("files/<int:file_id>/restoration", files.restoration, name="crm_file_restoration"),
]

_tag = [
    path("", tags.change, name="crm_tag"),
    path("merging", tags.merge, name="crm_tag_merging"),
    path("deletion", tags.delete, name="crm_tag_deletion"),
    path("restoration", tags.restoration, name="crm_tag_restoration"),
]

_member = [
    path("", members.member, name="crm_member"),
    path("invitation", members.invitation, name="crm_member_invitation"),
    path("withdrawal", members.withdrawal, name="crm_member_withdrawal"),
    path("deactivation", members.deactivation, name="crm_member_deactivation"),
    path("activation", members.activation, name="crm_member_activation"),
    path("handover", members.handover, name="crm_member_handover"),
]

_import = [
    path("", imports.show, name="crm_import"),
    path("mapping", import_mapping.mapping, name="crm_import_mapping"),
    path("progress", imports.progress, name="crm_import_progress"),
    path("choices", import_mapping.choices, name="crm_import_choices"),
    path("reading", import_mapping.reading, name="crm_import_reading"),
    path("columns/<int:column>/field", import_mapping.new_field, name="crm_import_new_field"),
    path("guess", import_mapping.guess, name="crm_import_guess"),
    path("start", imports.start, name="crm_import_start"),
    path("stopping", imports.stopping, name="crm_import_stopping"),
    path("resumption", imports.resumption, name="crm_import_resumption"),
    path("undoing", imports.undoing, name="crm_import_undoing"),
    path("undoing/changed", imports.undoing_changed, name="crm_import_undoing_changed"),
    path("failed.csv", imports.failed_rows, name="crm_import_failed"),
    path("result.csv", imports.result_rows, name="crm_import_result"),
]

_views: list[URLPattern | URLResolver] = [
    path("new", view_pages.new, name="crm_view_new"),
    path("counts", view_pages.counts, name="crm_view_counts"),
    path("default", view_pages.default, name="crm_view_default"),
    path("pin", view_pages.pin, name="crm_view_pin"),
    path("filter", filter_pages.conditions, name="crm_list_filter"),
    path("filter/row", filter_pages.row, name="crm_list_filter_row"),
    path("filter/group", filter_pages.group, name="crm_list_filter_group"),
    path("columns", columns_pages.columns, name="crm_list_columns"),
    path("<int:view_id>", view_pages.edit, name="crm_view"),
    path("<int:view_id>/content", view_pages.content, name="crm_view_content"),
    path("<int:view_id>/deletion", view_pages.deletion, name="crm_view_deletion"),
    path("<int:view_id>/restoration", view_pages.restoration, name="crm_view_restoration"),
]

_module: list[URLPattern | URLResolver] = [
    path("", lists.records, name="crm_list"),
    path("new", form.new, name="crm_record_new"),
    path("quick", quick_create.quick, name="crm_quick"),
    path("choices", form.choices, name="crm_choices"),
    path("duplicates", form.duplicates, name="crm_duplicates"),
    path("deletion", lists.deletion, name="crm_deletion"),
    path("merge", merging.compare, name="crm_merge_new"),
    path("restoration", lists.restoration, name="crm_restoration"),
    path("board", board.cards, name="crm_board_cards"),
    path("views/", include(_views)),
    path("changes/update", mass_dialogs.update, name="crm_mass_update_new"),
    path("changes/deletion", mass_dialogs.deletion, name="crm_mass_deletion_new"),
    path("changes/tagging", mass_dialogs.tagging, name="crm_mass_tagging_new"),
    path("changes/untagging", mass_dialogs.untagging, name="crm_mass_untagging_new"),
    path("export", exports.new, name="crm_export_new"),
    path("export.csv", exports.download, name="crm_export"),
    path("import", imports.new, name="crm_import_new"),
    path("panels/<str:panel_key>", folding.panel, name="crm_panel"),
    path("<int:record_id>/", include(_record + _belongings)),
]

_org: list[URLPattern | URLResolver] = [
    path("", lists.home, name="crm_home"),
    path("search", search.search, name="crm_search"),
    path("search/forgetting", search.forgetting, name="crm_search_forgetting"),
    path("bell", signals.bell, name="crm_bell"),
    path("bell/badge", signals.badge, name="crm_bell_badge"),
    path("signals/", signals.signals, name="crm_signals"),
    path("signals/reading", signal_deeds.reading, name="crm_signals_reading"),
    path("signals/habits", signal_habits.habits, name="crm_signal_habits"),
    path("signals/marks", signal_marks.marks, name="crm_signal_marks"),
    path("signals/mutes/<int:mute_id>/removal", signal_deeds.mute_removal, name="crm_signal_mute_removal"),
    path("signals/<int:signal_id>/unreading", signal_deeds.unreading, name="crm_signal_unreading"),
    path("signals/<int:signal_id>/snooze", signal_deeds.snooze, name="crm_signal_snooze"),
    path("signals/<int:signal_id>/waking", signal_deeds.waking, name="crm_signal_waking"),
    path("signals/<int:signal_id>/mute", signal_deeds.mute, name="crm_signal_mute"),
    path("signals/<int:signal_id>", signals.signal, name="crm_signal"),
    path("imports/", imports.all_imports, name="crm_imports"),
    path("imports/<int:import_id>/", include(_import)),
    path("Leads/convert", leads.convert, name="crm_convert"),
    path("conversions/<int:conversion_id>/", leads.show, name="crm_conversion"),
    path("conversions/<int:conversion_id>/undoing", leads.undoing, name="crm_conversion_undoing"),
    path("merges/<int:merge_id>/", merging.show, name="crm_merge"),
    path("merges/<int:merge_id>/undoing", merging.undoing, name="crm_merge_undoing"),
    path("settings/bin/", recycle_bin.recycle_bin, name="crm_bin"),
    path("settings/bin/restoration", recycle_bin.restoration, name="crm_bin_restoration"),
    path("settings/bin/purging", recycle_bin.purging, name="crm_bin_purging"),
    path("settings/bin/keeping", recycle_bin.keeping, name="crm_bin_keeping"),
    path("changes/", mass.all_actions, name="crm_mass_actions"),
    path("changes/<int:action_id>/", mass.show, name="crm_mass_action"),
    path("changes/<int:action_id>/undo", mass.undo, name="crm_mass_action_undo"),
    path("changes/<int:action_id>/resumption", mass.resumption, name="crm_mass_action_resumption"),
    path("settings/", settings.home, name="crm_settings"),
    path("settings/organisation", settings.organisation, name="crm_organisation"),
    path("colleagues", notes.colleagues, name="crm_colleagues"),
    path("settings/tags/", tags.first_settings, name="crm_all_tags"),
    path("settings/tags/<str:module_name>/", tags.settings, name="crm_tags"),
    path("settings/tags/<str:module_name>/<int:tag_id>/", include(_tag)),
    path("settings/stages", stages.stages, name="crm_stages"),
    path("settings/stages/new", stages.new, name="crm_stage_new"),
    path("settings/stages/one", stages.stage, name="crm_stage"),
    path("settings/stages/order", stages.order, name="crm_stage_order"),
    path("settings/stages/retirement", stages.retirement, name="crm_stage_retirement"),
    path("settings/stages/offer", stages.offer, name="crm_stage_offer"),
    path("settings/people", members.people, name="crm_people"),
    path("settings/people/<int:membership_id>/", include(_member)),
    path("settings/transfers/<int:transfer_id>", members.transfer, name="crm_transfer"),
    path("settings/roles", roles.roles, name="crm_roles"),
    path("settings/roles/<int:role_id>", roles.role, name="crm_role"),
    path("settings/roles/<int:role_id>/deletion", roles.deletion, name="crm_role_deletion"),
    path("settings/audit", audit.log, name="crm_audit"),
    path("settings/audit.csv", audit.file, name="crm_audit_file"),
    path("settings/profiles", profiles.profiles, name="crm_profiles"),
    path("settings/profiles/<int:profile_id>", profiles.profile, name="crm_profile"),
    path("settings/profiles/<int:profile_id>/deletion", profiles.deletion, name="crm_profile_deletion"),
    path("settings/profiles/<int:profile_id>/fields/<str:module_name>", profiles.fields, name="crm_profile_fields"),
    path("settings/tabs/<str:tab_key>/removal", tabs.removal, name="crm_tab_removal"),
    path("settings/tabs/<str:tab_key>/return", tabs.giving_back, name="crm_tab_return"),
    path("settings/tabs/<str:tab_key>/profiles", tabs.profiles, name="crm_tab_profiles"),
    path("settings/modules/", include("kakehashi.crm.customise.urls")),
    path("<str:module_name>/", include(_module)),
]

urlpatterns = [path("crm/new", founding.new, name="crm_new_org"), path("crm/<int:org_id>/", include(_org))]
