"""pg_dump and pg_restore for whichever PostgreSQL we run on."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kakehashi.assembly.refusal import Refusal

from .cluster import binaries


def dump(url: str, server_version: int, target: IO[bytes]) -> None:
    """The whole database as it is at this moment, in the custom format; the product may go on meanwhile."""
    program = _fitting("pg_dump", server_version)
    _run(
        program,
        url,
        ["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=core_cache"],
        stdout=target,
    )


def restore(url: str, server_version: int, source: IO[bytes]) -> None:
    """Into an empty database; stops at the first error."""
    program = _fitting("pg_restore", server_version)
    _run(program, url, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"], stdin=source)


def _fitting(name: str, server_version: int) -> Path:
    """Ours, or for a newer server the machine's own: an older program does not understand a newer server."""
    for program in (binaries() / name, Path(shutil.which(name) or "/nowhere")):
        if program.exists() and _version(program) >= server_version:
            return program
    raise Refusal(
        f"No {name} for PostgreSQL {server_version} is here.",
        f"Install its client programs (Debian: apt-get install postgresql-client-{server_version}).",
    )


def _version(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(answer.split("(PostgreSQL)")[1].split()[0].split(".")[0])


def _run(
    program: Path, url: str, words: list[str], *, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
) -> None:
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")  # never among the arguments, which everybody on the machine can see
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(
        [program, *words, f"--dbname={make_conninfo('', **parts)}"],
        stdin=stdin or subprocess.DEVNULL,
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no words"]
        raise Refusal(f"{program.name} failed: {said[0]}")
