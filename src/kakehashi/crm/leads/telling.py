"""Conversions in the words of a timeline, and the way to start one from a lead's page."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit
from kakehashi.crm.records.slots import RecordAction

from .actions import LEADS


def conversion_name(origin: str) -> Text | None:
    """The words for an actor's origin "conversion:7"."""
    return _("by the conversion of a lead") if origin.startswith("conversion:") else None


def told_conversion(event: Event, module: ModuleSchema) -> SafeString | None:
    conversion_id = event.data.get("conversion")
    if not isinstance(conversion_id, int):
        return None
    url = reverse("crm_conversion", args=[module.org_id, conversion_id])
    return format_html('<a href="{}">{}</a>', url, pgettext("a conversion", "Show"))


def _url(access: CrmAccess, record: Record) -> str:
    return f"{reverse('crm_convert', args=[access.org.pk])}?selected={record.pk}"


def _shows(access: CrmAccess, record: Record) -> bool:
    return access.schema.by_id[record.module_id].api_name == LEADS and may_edit(access, record)


CONVERT = RecordAction("convert", gettext_lazy("Convert"), "arrows-exchange", _shows, _url)
