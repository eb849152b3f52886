"""Taking a file in."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import ProductError

from .models import Attachment
from .storage import write_contents

_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
_RUNS_ON_A_CLICK = {
    ".bat", ".cmd", ".com", ".cpl", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msc", ".msi", ".msp", ".pif", ".ps1", ".reg",
    ".scr", ".vb", ".vbe", ".vbs", ".wsf", ".wsh",
}  # fmt: skip
_CHUNK_BYTES = 64 * 1024


class FileIsTooLarge(ProductError):
    code = "file_is_too_large"
    status = 413

    def __init__(self, name: str) -> None:
        limit = settings.ATTACHMENT_LIMIT_BYTES // (1024 * 1024)
        super().__init__(_("“%(name)s” is larger than %(limit)s MB.") % {"name": name, "limit": limit})


class FileTypeIsBlocked(ProductError):
    code = "file_type_is_blocked"
    status = 415

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s” is a program. Programs cannot be attached.") % {"name": name})


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file to be kept for a tenant."""

    tenant: str
    name: str
    content: bytes | IO[bytes]
    content_type: str
    actor: Actor


def store_attachment(
    *, tenant: str, name: str, content: bytes | IO[bytes], content_type: str, actor: Actor
) -> Attachment:
    """Keep a file for a tenant. Bytes are on disk before the row exists. Raises `FileIsTooLarge`, `FileTypeIsBlocked`."""
    kept = store_attachments([NewAttachment(tenant, name, content, content_type, actor)])[0]
    if isinstance(kept, ProductError):
        raise kept
    return kept


def store_attachments(files: Sequence[NewAttachment]) -> list[Attachment | ProductError]:
    """Keep several: one wait for the disk, one statement. What may not be kept has its refusal in its place."""
    names = [safe_name(file.name) for file in files]
    allowed = [at for at, name in enumerate(names) if PurePosixPath(name).suffix.lower() not in _RUNS_ON_A_CLICK]
    contents = [_chunks(files[at].content) for at in allowed]
    stored = dict(zip(allowed, write_contents(contents, limit_bytes=settings.ATTACHMENT_LIMIT_BYTES), strict=True))
    rows = {at: _row(files[at], names[at], *found) for at, found in stored.items() if found is not None}
    Attachment.objects.bulk_create(rows.values())
    return [
        rows[at] if at in rows else FileIsTooLarge(name) if at in stored else FileTypeIsBlocked(name)
        for at, name in enumerate(names)
    ]


def _row(file: NewAttachment, name: str, digest: str, size: int) -> Attachment:
    return Attachment(
        tenant=file.tenant,
        name=name,
        content_type=file.content_type.partition(";")[0].strip().lower()[:100] or "application/octet-stream",
        size_bytes=size,
        digest=digest,
        added_at=clock.now(),
        added_by_id=file.actor.person_id,
        added_by_name=file.actor.name,
    )


def safe_name(name: str) -> str:
    """A file's bare name without folders, control characters or tricks of writing direction; at most 200 characters."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    bare = _UNSAFE_IN_NAMES.sub("_", bare).strip(" .")
    if len(bare) > 200:
        stem, dot, ending = bare.rpartition(".")
        bare = f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) < 20 else bare[:200]
    return bare or "attachment"


def _chunks(content: bytes | IO[bytes]) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return [content]
    return iter(lambda: content.read(_CHUNK_BYTES), b"")
