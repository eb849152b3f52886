"""Is the PostgreSQL that `DATABASE_URL` names one that we can run on?"""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from kakehashi.assembly.refusal import Refusal

OLDEST = 15
_CONNECT_SECONDS = 10

# libpq's words for what went wrong, and ours. The server's own messages may be in another language; then its words are shown.
_CAUSES = [
    ("password authentication failed", "{where} refuses the password of the user {user!r}.", "Correct the password in DATABASE_URL."),
    ("no password supplied", "{where} wants a password for the user {user!r}.", "Add it to DATABASE_URL: postgresql://user:password@host/database"),
    ("does not exist", "{where} answers, but has no such database or user: {database!r}, {user!r}.", "Make it: createdb {database}, or correct DATABASE_URL."),
    ("Connection refused", "{where} is not listening.", "Start PostgreSQL there, or correct host and port in DATABASE_URL."),
    ("could not translate host name", "The host of DATABASE_URL cannot be found: {where}.", "Correct its name, or the network."),
    ("failed to resolve host", "The host of DATABASE_URL cannot be found: {where}.", "Correct its name, or the network."),
    ("No such file or directory", "{where} is not running: there is no socket.", "Start PostgreSQL there, or correct DATABASE_URL."),
    ("timeout", "{where} does not answer within {seconds} s.", "Check the address in DATABASE_URL, the network and the firewall."),
    ("no pg_hba.conf entry", "{where} does not let this machine in.", "Allow it in that server's pg_hba.conf."),
    ("too many clients", "{where} has no connection left.", "Raise its max_connections; Kakehashi needs about 30 per machine."),
]  # fmt: skip


def require_usable(url: str) -> None:
    """Raises `Refusal` when the server is away, too old, or will not let us work."""
    parts = _parts(url)
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_SECONDS) as connection:
            _require_fitting(connection)
    except psycopg.OperationalError as failure:
        raise _explain(parts, str(failure)) from None


def describe(url: str) -> str:
    """Where that is, without the password."""
    parts = _parts(url)
    return f"PostgreSQL at {parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"


def _parts(url: str) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        raise Refusal(
            "DATABASE_URL is not the address of a PostgreSQL database.",
            "Write it so: postgresql://user:password@host:5432/database",
        ) from None


def _require_fitting(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise Refusal(
            f"That PostgreSQL is version {version}; {OLDEST} or newer is needed.",
            "Upgrade it, or unset DATABASE_URL to use the embedded one.",
        )
    row = connection.execute(
        """
        SELECT current_setting('server_encoding'), pg_is_in_recovery(), current_user, current_database(),
               coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
        """
    ).fetchone()
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    encoding, is_replica, user, database, may_create = row
    if encoding != "UTF8":
        raise Refusal(
            f"The database {database!r} is encoded in {encoding}.",
            f"Make it anew: createdb --encoding=UTF8 --template=template0 {database}",
        )
    if is_replica:
        raise Refusal("That PostgreSQL is a read-only replica.", "Let DATABASE_URL name the primary server.")
    if not may_create:
        raise Refusal(
            f"The user {user!r} may not create tables in {database!r}.",
            f"As its administrator: ALTER DATABASE {database} OWNER TO {user}",
        )


def _explain(parts: dict[str, str], said: str) -> Refusal:
    where = f"PostgreSQL at {parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"
    facts = {
        "where": where,
        "user": parts.get("user", ""),
        "database": parts.get("dbname", ""),
        "seconds": _CONNECT_SECONDS,
    }
    for words, what, do in _CAUSES:
        if words in said:
            return Refusal(what.format(**facts), do.format(**facts))
    return Refusal(f"{where} cannot be used: {' '.join(said.split())}", "Check DATABASE_URL.")
