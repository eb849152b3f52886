"""Giving a file out so that it cannot act in our name: never shown inline, but for raster images that are what they claim, and
for PDFs that a page of ours asked to preview.
"""

from django.http import FileResponse

from kakehashi.core.errors import NotFound

from .models import Attachment
from .storage import path_of

_BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
IMAGE_TYPES = tuple(_BEGINNINGS)


def attachment_response(attachment: Attachment) -> FileResponse:
    """The bytes of an attachment that the caller has found this person may have."""
    path = path_of(attachment.digest)
    if not path.exists():
        raise NotFound
    is_inline = _is_true_image(attachment)
    response = FileResponse(
        path.open("rb"),
        as_attachment=not is_inline,
        filename=attachment.name,
        content_type=attachment.content_type if is_inline else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def preview_response(attachment: Attachment) -> FileResponse:
    """A PDF for a frame in a page of ours; the browser's own viewer shows it. Anything else as `attachment_response` does."""
    if not attachment.is_pdf or not _is_true_pdf(attachment):
        return attachment_response(attachment)
    response = FileResponse(
        path_of(attachment.digest).open("rb"), filename=attachment.name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    # No sandbox here: browsers show no PDF in one. Its scripts, if any, run in the viewer, which is none of our pages.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def image_type(beginning: bytes) -> str:
    """What kind of raster image starts with these bytes, "" for anything else. A name or a browser may say what they like."""
    return next((kind for kind, marks in _BEGINNINGS.items() if beginning.startswith(marks)), "")


def _is_true_image(attachment: Attachment) -> bool:
    if attachment.content_type not in _BEGINNINGS:
        return False
    with path_of(attachment.digest).open("rb") as file:
        return image_type(file.read(16)) == attachment.content_type


def _is_true_pdf(attachment: Attachment) -> bool:
    path = path_of(attachment.digest)
    if not path.exists():
        raise NotFound
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"
