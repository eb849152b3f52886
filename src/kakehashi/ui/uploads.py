"""Files that a page's script sends one by one, ahead of the text they go with."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from kakehashi.core.errors import InvalidValues, ProductError, sentence_of
from kakehashi.core.models import Attachment


def answer_upload(
    request: HttpRequest, keep: Callable[[UploadedFile[Any]], Attachment], url_of: Callable[[int], str]
) -> JsonResponse:
    """{"id", "url", "name"} of the file `file`, or {"error"} with the sentence to show beside it."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise InvalidValues({"file": _("Choose a file.")})
        kept = keep(file)
    except ProductError as refused:
        return JsonResponse({"error": sentence_of(refused)}, status=refused.status)
    return JsonResponse({"id": kept.pk, "url": url_of(kept.pk), "name": kept.name})
