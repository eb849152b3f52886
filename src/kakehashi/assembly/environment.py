"""What the environment says about this installation, read once."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict

from kakehashi.assembly.postgres.cluster import Cluster


def data_folder() -> Path:
    """Where everything of this installation lies: `KAKEHASHI_DATA`, else ./data."""
    return Path(os.environ.get("KAKEHASHI_DATA", "data")).resolve()


def embedded_cluster() -> Cluster | None:
    """Our own PostgreSQL, unless `DATABASE_URL` names another one."""
    return None if os.environ.get("DATABASE_URL") else Cluster(data_folder() / "postgres")


def database_url() -> str:
    """`DATABASE_URL`, or where the embedded PostgreSQL of the data folder listens."""
    return os.environ.get("DATABASE_URL") or Cluster(data_folder() / "postgres").url


# Each page asks many small things. Parallel workers take milliseconds to start, compiling a query too; both are left to what reads a million rows.
_PLANNING = "-c jit=off -c parallel_setup_cost=50000"


def database_settings() -> dict[str, Any]:
    """Django's settings for that database. Options in `DATABASE_URL` come last and win."""
    parts: dict[str, Any] = dict(conninfo_to_dict(database_url()))
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings = {name: str(parts.pop(key, "") or "") for name, key in known.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **settings,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts | {"options": f"{_PLANNING} {parts.get('options') or ''}".strip()},
    }


def mail_settings() -> dict[str, Any]:
    """Django's mail settings for `KAKEHASHI_SMTP_URL`, else the development outbox.

    `smtp://user:password@host:587?starttls` encrypts after greeting, `smtps://host:465` at once, `smtp://host:25` not at all.
    """
    url = urlsplit(os.environ.get("KAKEHASHI_SMTP_URL", ""))
    host = urlsplit(os.environ.get("KAKEHASHI_URL", "")).hostname or "localhost"
    settings: dict[str, Any] = {
        "DEFAULT_FROM_EMAIL": os.environ.get("KAKEHASHI_MAIL_FROM", f"no-reply@{host}"),
        "EMAIL_TIMEOUT": 30,
    }
    if not url.hostname:
        return settings | {"EMAIL_BACKEND": "kakehashi.desk.mailbox.outbox.OutboxBackend"}
    is_encrypted = url.scheme == "smtps"
    return settings | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if is_encrypted else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_encrypted,
        "EMAIL_USE_TLS": not is_encrypted and (url.scheme == "smtp+starttls" or "starttls" in url.query),
    }


def secret_key(data: Path) -> str:
    """`KAKEHASHI_SECRET`, else a key made on first use and kept in the data folder, readable by its owner alone."""
    if given := os.environ.get("KAKEHASHI_SECRET"):
        return given
    kept = data / "secret-key"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=data) as file:  # readable by us alone; whole, or not there at all
            file.write(secrets.token_urlsafe(50))
            file.flush()
            with contextlib.suppress(FileExistsError):  # another process was quicker
                kept.hardlink_to(file.name)
    return kept.read_text().strip()


def collected_version(data: Path) -> str:
    """Which version of the static files `serve` has put, compressed, into the data folder."""
    try:
        return collected_mark(data).read_text()
    except OSError:
        return ""


def collected_mark(data: Path) -> Path:
    return data / "static.version"


def host_names(url: str) -> list[str]:
    """The host of an address, as Django compares it with what a browser asks for."""
    host = urlsplit(url).hostname
    return [f"[{host}]" if ":" in host else host] if host else []


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return os.environ.get(name, "").replace(",", " ").split()
