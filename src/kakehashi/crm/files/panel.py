"""The card of attachments on a record page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kakehashi.core.attachments.limits import limit_bytes
from kakehashi.crm.notes.panel import file_links
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit
from kakehashi.crm.records.slots import RecordPanel

from .queries import SHOWN_FILES, count_files, newest_files


def card_context(access: CrmAccess, record: Record, query: Mapping[str, str]) -> dict[str, Any]:
    module = access.schema.by_id[record.module_id]
    address = [access.org.pk, module.api_name, record.pk]
    total = count_files(record)
    shown = newest_files(record, limit=None if "all" in query else SHOWN_FILES) if total else []
    return {
        "record": record,
        "files": [file_links(address, file) for file in shown],
        "total": total,
        "has_more": total > len(shown),
        "may_change": may_edit(access, record),
        "files_url": reverse("crm_files", args=address),
        "limit": limit_bytes(),
    }


def _render(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    return render_to_string("crm/files/templates/card.html", card_context(access, record, {}), request)


FILES = RecordPanel(
    key="files",
    label=_("Attachments"),
    icon="paperclip",
    shows=lambda _access, _record: True,
    count=lambda _access, record: count_files(record),
    render=_render,
    place="lower",
)
