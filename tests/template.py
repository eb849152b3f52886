"""One migrated database per state of the migrations, which every other database of the tests is a copy of: migrating takes half a minute."""

import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"


def migrated_template(url: str) -> str:
    """The name of the template on this server; made where it is not there yet, and those of other states go."""
    name = PREFIX + _state()
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])  # goes with the connection
        known = {
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        }
        for old in known - {name}:
            connection.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
        if name not in known:
            connection.execute(f"CREATE DATABASE {name}_unfinished")
            _migrate(make_conninfo(url, dbname=f"{name}_unfinished"))
            connection.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    return name


def _state() -> str:
    """Twelve letters that change with any migration, ours or of what we build on."""
    digest = hashlib.sha256()
    for package in ("django", "procrastinate", "django-allauth"):
        digest.update(version(package).encode())
    for path in sorted((ROOT / "src" / "kakehashi").glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(url: str) -> None:
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("KAKEHASHI_", "DATABASE_", "DJANGO_"))
    }
    with tempfile.TemporaryDirectory(prefix="kakehashi-template-") as data:
        environment = {**ours, "PYTHONPATH": str(ROOT / "src"), "KAKEHASHI_DATA": data, "DATABASE_URL": url}
        done = subprocess.run(
            [sys.executable, "-m", "kakehashi", "migrate"], env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"The database of the tests could not be migrated:\n{done.stdout}{done.stderr}")
