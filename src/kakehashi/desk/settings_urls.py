"""Pages on which a portal is set up."""

from django.urls import URLPattern, URLResolver, include, path

from .addresses import pages as addresses
from .business_hours import pages as hours
from .customer_pages import settings_pages as customer_settings
from .developer import pages as developer
from .escalation import pages as escalation
from .intake import pages as intake
from .mailboxes import pages as mailboxes
from .portals import agent_pages as agents
from .portals import pages as portals
from .profiles import pages as profiles
from .reply_templates import pages as replies
from .statuses import pages as statuses
from .targets import pages as targets
from .teams import pages as teams
from .ticket_fields import pages as ticket_fields
from .web_form import settings_pages as web_form_settings

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
_AGENTS = [
    path("", agents.agents, name="desk_agents"),
    path("<int:agent_id>/", agents.agent, name="desk_agent"),
    path("<int:agent_id>/role/", agents.agent_role, name="desk_agent_role"),
    path("<int:agent_id>/activation/", agents.agent_activation, name="desk_agent_activation"),
    path("<int:agent_id>/deactivation/", agents.agent_deactivation, name="desk_agent_deactivation"),
    path("<int:agent_id>/invitation/", agents.agent_invitation, name="desk_agent_invitation"),
    path("<int:agent_id>/withdrawal/", agents.agent_withdrawal, name="desk_agent_withdrawal"),
]
_TEAMS = [
    path("", teams.teams, name="desk_teams"),
    path("new/", teams.team, name="desk_team_new"),
    path("<int:team_id>/", teams.team, name="desk_team"),
    path("<int:team_id>/retirement/", teams.retirement, name="desk_team_retirement"),
]
_PROFILES = [
    path("", profiles.profiles, name="desk_profiles"),
    path("<int:desk_profile_id>/", profiles.profile, name="desk_profile"),
    path("<int:desk_profile_id>/deletion/", profiles.profile_deletion, name="desk_profile_deletion"),
]
urlpatterns: list[URLPattern | URLResolver] = [
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
    path("agents/", include(_AGENTS)),
    path("teams/", include(_TEAMS)),
    path("profiles/", include(_PROFILES)),
    path("keys/", developer.keys, name="desk_keys"),
    path("keys/<int:key_id>/revocation/", developer.key_revocation, name="desk_key_revocation"),
]
