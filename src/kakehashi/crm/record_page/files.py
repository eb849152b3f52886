"""The file or picture in a field: whoever may see the record may have it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.core.attachments.models import Attachment
from kakehashi.core.attachments.serving import attachment_response
from kakehashi.core.errors import NotFound
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import find_record


@require_GET
@crm_page
def file(
    request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, field_name: str
) -> HttpResponseBase:
    record = find_record(access, module_name, record_id)
    field = access.schema[module_name].fields.get(field_name)
    value = record.values.get(field_name) if field and field.type in (FieldType.FILE, FieldType.IMAGE) else None
    found = Attachment.objects.filter(pk=value["id"], tenant=access.org.tenant).first() if value else None
    if found is None:
        raise NotFound
    return attachment_response(found)


def file_url(module: ModuleSchema, record: Record, field_name: str) -> str:
    """Another one for another file: browsers keep what they fetched."""
    file_id = record.values[field_name]["id"]
    return reverse("crm_field_file", args=[module.org_id, module.api_name, record.pk, field_name]) + f"?v={file_id}"


def previews(module: ModuleSchema, record: Record) -> dict[str, str]:
    """Addresses of the pictures in a record, by field."""
    names = [field.api_name for field in module.fields_of(FieldType.IMAGE) if record.values.get(field.api_name)]
    return {name: file_url(module, record, name) for name in names}
