"""Issue 2, point 2: whatever keeps the product from starting is told in one sentence, with what to do, and without a traceback."""

import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from kakehashi.assembly.postgres.failures import cannot_write, explain_start
from kakehashi.assembly.refusal import Refusal
from kakehashi.assembly.serve import data_folder
from tests.assembly import fake_postgres
from tests.assembly.conftest import url_of
from tests.assembly.product import environment, free_port, run


def serve(env: dict[str, str], port: int | None = None) -> subprocess.CompletedProcess[str]:
    return run(env, "serve", "--port", str(port or free_port()))


def assert_refused(done: subprocess.CompletedProcess[str], what: str, do: str) -> None:
    """Two lines at most: what is wrong, and what to do."""
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    assert lines[-2].startswith("kakehashi: "), done.stderr
    assert what in lines[-2]
    assert do in lines[-1]


def test_the_port_is_taken(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(serve(environment(data), port), f"Port {port} is already in use by", f"--port {port + 1}")


def test_the_data_folder_is_a_file(tmp_path: Path) -> None:
    (file := tmp_path / "data").write_text("not a folder")
    assert_refused(serve(environment(file)), f"{file} is not a folder", "KAKEHASHI_DATA")


def test_the_data_folder_cannot_be_written() -> None:
    done = serve(environment(Path("/proc/kakehashi")))
    assert_refused(done, "The data folder /proc/kakehashi cannot be written", "KAKEHASHI_DATA")


def test_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(Refusal, match=r"The disk that holds .* is full: .* Free some space"):
        data_folder.require_writable(tmp_path)
    assert "is full" in str(cannot_write(tmp_path, OSError(28, "No space left on device")))


def test_postgresql_met_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text(
        'FATAL:  could not write lock file "postmaster.pid": No space left on device\n'
    )
    what, do = explain_start(tmp_path, "pg_ctl: could not start server")
    assert what == f"The disk that holds {tmp_path} is full."
    assert "nothing is lost" in do


def test_the_data_is_of_another_postgresql(data: Path) -> None:
    (data / "postgres").mkdir(mode=0o700)
    (data / "postgres" / "PG_VERSION").write_text("14\n")
    assert_refused(
        serve(environment(data)), "was written by PostgreSQL 14, and this is PostgreSQL", "kakehashi restore FILE"
    )


def test_the_password_is_wrong(tmp_path: Path) -> None:
    with fake_postgres.refusing_password() as url:
        assert_refused(
            serve(environment(tmp_path, url)), "refuses the password of the user 'kakehashi'", "Correct the password"
        )


def test_the_server_is_too_old(tmp_path: Path) -> None:
    with fake_postgres.of_version("14.9") as url:
        assert_refused(serve(environment(tmp_path, url)), "is version 14; 15 or newer is needed", "unset DATABASE_URL")


def test_the_server_is_away(tmp_path: Path) -> None:
    url = f"postgresql://kakehashi@127.0.0.1:{free_port()}/kakehashi"
    assert_refused(serve(environment(tmp_path, url)), "is not listening", "correct host and port")


def test_the_host_does_not_exist(tmp_path: Path) -> None:
    done = serve(environment(tmp_path, "postgresql://kakehashi@nowhere.invalid/kakehashi"))
    assert_refused(done, "nowhere.invalid:5432", "Correct its name")


def test_the_database_does_not_exist(tmp_path: Path) -> None:
    assert_refused(serve(environment(tmp_path, url_of("nothing_here"))), "no such database", "createdb nothing_here")


def test_the_address_of_the_database_is_malformed(tmp_path: Path) -> None:
    done = serve(environment(tmp_path, "postgresql//kakehashi"))
    assert_refused(done, "DATABASE_URL is not the address", "postgresql://user:password@host:5432/database")


def test_the_database_is_of_a_newer_version(tmp_path: Path, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_from_the_future', now())"
        )
    assert_refused(serve(environment(tmp_path, database)), "was written by a newer Kakehashi", "Run that newer version")


def test_an_unexpected_failure_is_a_sentence_too_and_a_traceback_when_asked_for(tmp_path: Path) -> None:
    env = environment(tmp_path, KAKEHASHI_SMTP_URL="smtp://host:notaport")
    quiet, verbose = run(env, "migrate"), run(env, "migrate", "--verbose")
    assert "Traceback" not in quiet.stderr
    assert "ValueError" in quiet.stderr
    assert "Traceback" in verbose.stderr
    assert (quiet.returncode, verbose.returncode) == (1, 1)
