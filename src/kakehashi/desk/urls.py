"""All pages of the Desk."""

from django.urls import URLPattern, URLResolver, include, path

from .conversations import pages as conversations
from .customer_pages import pages as customer_pages
from .customers import list_pages as customer_lists
from .customers import pages as customers
from .erasure import pages as erasure
from .intake import pages as intake
from .mailbox import pages as mailbox
from .notices import pages as notices
from .portals import activation
from .products import pages as products
from .ratings import pages as ratings
from .record_bin import keeping as bin_keeping
from .record_bin import pages as record_bins
from .record_bin import purging as bin_purging
from .record_merging import pages as record_merging
from .search import pages as search
from .statistics import pages as statistics
from .ticket_views import pages as lists
from .web_form import pages as web_forms

_CONTACTS = [
    path("", customer_lists.contacts, name="desk_contacts"),
    path("new/", customers.new_contact, name="desk_contact_new"),
    path("options/", customer_lists.contact_options, name="desk_contact_options"),
    path("<int:contact_id>/", customers.contact, name="desk_contact"),
    path("<int:contact_id>/statistics/", statistics.contact_statistics, name="desk_contact_statistics"),
    path("<int:contact_id>/edit/", customers.edit_contact, name="desk_contact_edit"),
    path("<int:contact_id>/deletion/", customers.contact_deletion, name="desk_contact_deletion"),
    path("<int:contact_id>/erasure/", erasure.new_erasure, name="desk_erasure_new"),
    path("<int:contact_id>/restoration/", customers.contact_restoration, name="desk_contact_restoration"),
]
_ACCOUNTS = [
    path("", customer_lists.accounts, name="desk_accounts"),
    path("new/", customers.new_account, name="desk_account_new"),
    path("options/", customer_lists.account_options, name="desk_account_options"),
    path("<int:account_id>/", customers.account, name="desk_account"),
    path("<int:account_id>/statistics/", statistics.account_statistics, name="desk_account_statistics"),
    path("<int:account_id>/edit/", customers.edit_account, name="desk_account_edit"),
    path("<int:account_id>/deletion/", customers.account_deletion, name="desk_account_deletion"),
    path("<int:account_id>/restoration/", customers.account_restoration, name="desk_account_restoration"),
]
_PRODUCTS = [
    path("", products.products, name="desk_products"),
    path("new/", products.new_product, name="desk_product_new"),
    path("options/", products.product_options, name="desk_product_options"),
    path("<int:product_id>/", products.product, name="desk_product"),
    path("<int:product_id>/statistics/", statistics.product_statistics, name="desk_product_statistics"),
    path("<int:product_id>/edit/", products.edit_product, name="desk_product_edit"),
    path("<int:product_id>/deletion/", products.product_deletion, name="desk_product_deletion"),
    path("<int:product_id>/restoration/", products.product_restoration, name="desk_product_restoration"),
]
_RECORDS = [
    path("<str:record_kind>/merging/", record_merging.compare, name="desk_record_merge_new"),
    path("<str:record_kind>/<int:desk_record_id>/duplicates/", record_merging.duplicates, name="desk_duplicates"),
    path("<str:record_kind>/bin/", record_bins.record_bin, name="desk_record_bin"),
    path("<str:record_kind>/deletion/", record_bins.records_deletion, name="desk_records_deletion"),
    path("<str:record_kind>/restoration/", record_bins.records_restoration, name="desk_records_restoration"),
    path("<str:record_kind>/purging/", bin_purging.records_purging, name="desk_records_purging"),
    path("bin/keeping/", bin_keeping.keeping, name="desk_bin_keeping"),
    path("erasures/", erasure.erasures, name="desk_erasures"),
    path("erasures/<int:erasure_id>/", erasure.erasure, name="desk_erasure"),
    path("merges/<int:record_merge_id>/", record_merging.merge_page, name="desk_record_merge"),
    path("merges/<int:record_merge_id>/undo/", record_merging.unmerging, name="desk_record_unmerging"),
]
_PORTAL: list[URLPattern | URLResolver] = [
    path("", lists.home, name="desk_home"),
    path("search/", search.search, name="desk_search"),
    path("statistics/", statistics.department_statistics, name="desk_statistics"),
    path("tickets/", include("kakehashi.desk.ticket_urls")),
    path("contacts/", include(_CONTACTS)),
    path("accounts/", include(_ACCOUNTS)),
    path("products/", include(_PRODUCTS)),
    path("records/", include(_RECORDS)),
    path("settings/", include("kakehashi.desk.settings_urls")),
    path("notices/", notices.notices, name="desk_notices"),
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
