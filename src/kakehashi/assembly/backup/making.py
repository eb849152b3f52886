"""`kakehashi backup FILE`. The product may go on meanwhile."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kakehashi import __version__
from kakehashi.assembly.postgres.failures import cannot_write
from kakehashi.assembly.postgres.programs import dump

from .archive import ATTACHMENTS, DUMP, KEY, Writer


def make_backup(target: Path, url: str) -> int:
    """Answers the size in bytes. The dump comes first: whatever it names was stored before it, so no attachment is missing."""
    try:
        with tempfile.TemporaryFile(dir=target.parent) as file, Writer.to(target) as writer:
            server_version = connection.cursor().connection.info.server_version // 10_000
            dump(url, server_version, file)
            size = file.tell()
            file.seek(0)
            writer.add(DUMP, file, size)
            _add_file(writer, KEY, settings.DATA / KEY)
            for path in sorted(Path(settings.ATTACHMENTS).glob("??/??/*")):
                _add_file(writer, f"{ATTACHMENTS}/{path.relative_to(settings.ATTACHMENTS).as_posix()}", path)
            writer.finish(_facts(server_version))
    except OSError as failure:
        raise cannot_write(target.parent, failure) from None
    return target.stat().st_size


def _add_file(writer: Writer, name: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            writer.add(name, file, path.stat().st_size)
    except FileNotFoundError:  # no key of our own (KAKEHASHI_SECRET), or an attachment erased meanwhile
        pass


def _facts(server_version: int) -> dict[str, object]:
    latest = dict(sorted(MigrationRecorder(connection).applied_migrations()))  # of each app the last
    return {
        "product": "kakehashi",
        "version": __version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "postgresql": server_version,
        "migrations": latest,
    }
