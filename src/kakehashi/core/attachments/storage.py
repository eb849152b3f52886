"""Bytes on disk, found by their SHA-256: the same file is stored once, and a stored file never changes."""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

Stored = tuple[str, int]  # digest, size in bytes
_MOST_WAITING = 16


@dataclass(frozen=True, slots=True)
class _Staged:
    """Written under a name of its own, not yet safe."""

    unfinished: Path
    digest: str
    size: int


def write_content(chunks: Iterable[bytes], *, limit_bytes: int) -> Stored | None:
    """Store bytes durably; (digest, size), or None when there are more than `limit_bytes` of them."""
    return write_contents([chunks], limit_bytes=limit_bytes)[0]


def write_contents(contents: Sequence[Iterable[bytes]], *, limit_bytes: int) -> list[Stored | None]:
    """Store several, each as `write_content` does. All are written before the disk is waited for: it makes them safe together.

    When this answers, bytes and names survive a power cut: files first, then the folders that name them.
    """
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged: list[_Staged | None] = []
    try:
        for chunks in contents:
            staged.append(_stage(folder, chunks, limit_bytes))  # noqa: PERF401 - what is staged is cleared if a later one fails
        whole = [one for one in staged if one]
        _make_safe({written.unfinished for written in whole})
        _make_safe({changed for written in whole for changed in _put_in_place(written)})
    finally:
        for one in staged:
            if one:
                one.unfinished.unlink(missing_ok=True)
    return [(one.digest, one.size) if one else None for one in staged]


def path_of(digest: str) -> Path:
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:4] / digest


def _stage(folder: Path, chunks: Iterable[bytes], limit_bytes: int) -> _Staged | None:
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as file:
        unfinished = Path(file.name)
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    unfinished.unlink()
                    return None
                digest.update(chunk)
                file.write(chunk)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    return _Staged(unfinished, digest.hexdigest(), size)


def _put_in_place(one: _Staged) -> list[Path]:
    """Answers the folders that may have a new name in them: somebody else may have made them just now, and not be done."""
    target = path_of(one.digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    one.unfinished.replace(target)
    return list(target.parents[:3])


def _make_safe(paths: Collection[Path]) -> None:
    """Waits at the same time: a file system writes its journal once for all who wait."""
    if len(paths) > 1:
        with ThreadPoolExecutor(min(len(paths), _MOST_WAITING)) as pool:
            list(pool.map(_wait_for, paths))
    else:
        for path in paths:
            _wait_for(path)


def _wait_for(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
