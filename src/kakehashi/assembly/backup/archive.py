"""The file itself: written beside its place and moved there when complete, and checked before anything is taken out of it."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from kakehashi.assembly.refusal import Refusal

DUMP, KEY, ATTACHMENTS, MANIFEST = "database.dump", "secret-key", "attachments", "manifest.json"
FORMAT = 1
_CHUNK_BYTES = 1024 * 1024


class Writer:
    """Adds files and remembers their checksums for the manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._files: dict[str, dict[str, Any]] = {}

    @classmethod
    @contextmanager
    def to(cls, target: Path) -> Iterator[Self]:
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            with unfinished.open("xb") as file:
                unfinished.chmod(0o600)  # it holds everything, the secret key included
                with tarfile.open(fileobj=file, mode="w") as tar:
                    yield cls(tar)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except FileExistsError:
            raise Refusal(
                f"{unfinished} is there: another backup is being written, or one was cut off.",
                "Remove it, and try again.",
            ) from None
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        reader = _Hashing(file)
        self._tar.addfile(entry, reader)
        self._files[name] = {"bytes": size, "sha256": reader.digest.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> None:
        content = json.dumps({"format": FORMAT, **facts, "files": self._files}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(content), 0o600
        self._tar.addfile(entry, io.BytesIO(content))


def verify(source: Path) -> dict[str, Any]:
    """The manifest, after every checksum was found right. Raises `Refusal`."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    for name, file in _members(source):
        if name == MANIFEST:
            manifest = json.loads(file.read())
        else:
            found[name] = _digest_of(file)
    if manifest is None:
        raise Refusal(
            f"{source} is not a whole backup: its manifest is missing.",
            "It was cut off while it was written or copied; use another one.",
        )
    if manifest["format"] > FORMAT:
        raise Refusal(
            f"{source} was made by a newer Kakehashi ({manifest['version']}).", "Restore it with that version."
        )
    promised = {name: entry["sha256"] for name, entry in manifest["files"].items()}
    wrong = sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name))
    if wrong:
        raise Refusal(
            f"{source} is damaged: {wrong[0]} is not what was written.",
            "Copy it again from where it was made, or use another one.",
        )
    return manifest


def take_out(source: Path, receivers: dict[str, Callable[[str, IO[bytes]], None]]) -> None:
    """Hand each file to the receiver of the first part of its name."""
    for name, file in _members(source):
        if receiver := receivers.get(PurePosixPath(name).parts[0]):
            receiver(name, file)


def _members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        with tarfile.open(source, mode="r:") as tar:
            for entry in tar:
                path = PurePosixPath(entry.name)
                file = tar.extractfile(entry) if entry.isreg() else None
                if file is None or path.is_absolute() or ".." in path.parts:
                    raise Refusal(f"{source} holds something that no backup of ours does: {entry.name}.")
                yield entry.name, file
    except FileNotFoundError:
        raise Refusal(f"There is no file {source}.") from None
    except (tarfile.TarError, EOFError, IsADirectoryError):
        raise Refusal(
            f"{source} is not a backup of Kakehashi, or it is damaged.", "Use a file that `kakehashi backup` wrote."
        ) from None


def _digest_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


class _Hashing:
    """A reader that knows the checksum of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk
