"""Bytes on disk, found by their SHA-256: the same file is stored once, and a stored file never changes."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def write_content(chunks: Iterable[bytes], *, limit_bytes: int) -> tuple[str, int] | None:
    """Store bytes durably; (digest, size), or None when there are more than `limit_bytes` of them."""
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as file:
        unfinished = Path(file.name)
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    return None
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            target = path_of(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return digest.hexdigest(), size


def path_of(digest: str) -> Path:
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:4] / digest
