"""`kakehashi restore FILE`: into a fresh database that takes the place of the old one only when it is complete.

The old database stays under another name, and attachments are only added to (they are found by their content), so that a
restore can itself be taken back.
"""

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kakehashi.assembly.postgres.programs import restore
from kakehashi.assembly.refusal import Refusal

from .archive import ATTACHMENTS, DUMP, KEY, take_out

_LEAVING_SECONDS = 3


class Restoring:
    """Into the database that `url` names and the data folder `data`."""

    def __init__(self, url: str, data: Path) -> None:
        self._parts: dict[str, Any] = dict(conninfo_to_dict(url))
        self._data = data
        self.database = str(self._parts["dbname"])
        self.fresh = f"{self.database}_restored"
        self.kept = f"{self.database}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"

    def is_target_empty(self) -> bool:
        with self._connect(self.database) as connection:
            found = connection.execute("SELECT to_regclass('identity_person')").fetchone()
            if found is None or found[0] is None:
                return True
            return connection.execute("SELECT 1 FROM identity_person LIMIT 1").fetchone() is None

    def require_nobody_connected(self) -> None:
        """Gives those that are just leaving a moment."""
        ends = time.monotonic() + _LEAVING_SECONDS
        while others := self._count_others():
            if time.monotonic() > ends:
                raise Refusal(
                    f"The database {self.database!r} is in use by {others} connections.",
                    "Stop `kakehashi serve` and every worker first.",
                )
            time.sleep(0.2)

    def _count_others(self) -> int:
        with self._connect(self.database) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
        return int(row[0]) if row else 0

    def fill_fresh_database(self, source: Path) -> str:
        """Answers its address."""
        self._make_fresh_database()
        with tempfile.NamedTemporaryFile(dir=self._data) as dump:
            take_out(source, {DUMP: lambda _, file: shutil.copyfileobj(file, dump, 1024 * 1024)})
            dump.flush()
            dump.seek(0)
            with self._connect(self.fresh) as connection:
                version = connection.info.server_version // 10_000
            restore(self._url_of(self.fresh), version, dump.file)
        return self._url_of(self.fresh)

    def take_out_files(self, source: Path) -> None:
        take_out(source, {ATTACHMENTS: self._keep_attachment, KEY: self._keep_key})

    def swap(self) -> None:
        """Both renames or none."""
        with self._connect("postgres") as connection, connection.transaction():
            for old, new in ((self.database, self.kept), (self.fresh, self.database)):
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )

    def _make_fresh_database(self) -> None:
        name = sql.Identifier(self.fresh)
        try:
            with self._connect("postgres") as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
        except psycopg.errors.InsufficientPrivilege:
            user = self._parts.get("user", "")
            raise Refusal(
                f"The user {user!r} may not make databases there.", f"As its administrator: ALTER ROLE {user} CREATEDB"
            ) from None

    def _keep_attachment(self, name: str, file: IO[bytes]) -> None:
        target = self._data.joinpath(*PurePosixPath(name).parts)
        if not target.exists():
            _write_whole(target, file)

    def _keep_key(self, name: str, file: IO[bytes]) -> None:
        _write_whole(self._data / KEY, file)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self._url_of(database), autocommit=True)

    def _url_of(self, database: str) -> str:
        return make_conninfo("", **{**self._parts, "dbname": database})


def _write_whole(target: Path, file: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as unfinished:
        shutil.copyfileobj(file, unfinished, 1024 * 1024)
        unfinished.flush()
        os.fsync(unfinished.fileno())
    Path(unfinished.name).replace(target)
