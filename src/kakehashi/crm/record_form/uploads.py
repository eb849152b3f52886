"""Files that come with a form: taken in at once, so that a form that is shown again has not lost them."""

from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.attachments.serving import image_type
from kakehashi.core.fields.reasons import ValueRefused
from kakehashi.core.fields.schema import FieldSchema
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.forms.values import NO_UPLOADS, Uploads


def uploads_of(request: HttpRequest | None, access: CrmAccess) -> Uploads:
    """What this person sends along."""
    return Uploads(request.FILES, partial(_keep, access)) if request else NO_UPLOADS


def _keep(access: CrmAccess, file: "UploadedFile[Any]", field: FieldSchema) -> dict[str, Any]:
    """Raises `ValueRefused`, and what `store_attachment` raises."""
    content_type = file.content_type or ""
    if field.type == FieldType.IMAGE:
        content_type = image_type(file.read(16))
        file.seek(0)
        if not content_type:
            name = (file.name or "")[:80]
            raise ValueRefused(gettext_noop("“%(name)s” is no PNG, JPEG, GIF or WebP image."), name=name)
    kept = store_attachment(
        tenant=access.org.tenant, name=file.name or "", content=file, content_type=content_type, actor=access.actor
    )
    return {"id": kept.pk, "name": kept.name, "size": kept.size_bytes, "type": kept.content_type}
