"""Everything into one file and back, and nothing lost by a file that is damaged or by a slip of the hand."""

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.assembly.product import environment, run

CONTENT = "見積書".encode()


def add_person(url: str, email: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO identity_person (password, is_superuser, email, family_name, given_name, language, time_zone, theme, "
            "uses_shortcuts, last_workspace, is_active, date_joined) "
            "VALUES ('', false, %s, '', '', 'ja', 'Asia/Tokyo', 'system', true, '', true, now())",
            [email],
        )


def people(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT email FROM identity_person ORDER BY email")]


def epoch(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT epoch FROM core_logepoch").fetchone()
    return str(row[0]) if row else ""


def store_attachment(data: Path) -> Path:
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = data / "attachments" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    return path


def test_a_backup_brings_everything_back(new_database: Callable[[], str], tmp_path: Path) -> None:
    there, here = new_database(), new_database()
    add_person(there, "hanako@example.jp")
    attachment = store_attachment(tmp_path / "there")
    env = environment(tmp_path / "there", there)
    done = run(env, "backup", str(tmp_path / "all.tar"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600

    add_person(here, "taro@example.jp")
    env = environment(tmp_path / "here", here)
    refused = run(env, "restore", str(tmp_path / "all.tar"))
    assert refused.returncode == 1
    assert "There is data here already" in refused.stderr
    assert people(here) == ["taro@example.jp"]

    done = run(env, "restore", str(tmp_path / "all.tar"), "--yes")
    assert done.returncode == 0, done.stderr
    assert people(here) == ["hanako@example.jp"]
    assert (tmp_path / "here" / attachment.relative_to(tmp_path / "there")).read_bytes() == CONTENT
    assert (tmp_path / "here" / "secret-key").read_text() == (tmp_path / "there" / "secret-key").read_text()
    assert epoch(here) not in {"", epoch(there)}, "positions in the event log of before are void"
    kept = next(word for word in done.stdout.split() if "_before_" in word).strip(";")
    assert people(psycopg.conninfo.make_conninfo(here, dbname=kept)) == ["taro@example.jp"]
    with psycopg.connect(here, autocommit=True, dbname="postgres") as connection:
        connection.execute(f"DROP DATABASE {kept}")


def test_a_database_in_use_is_not_replaced(new_database: Callable[[], str], tmp_path: Path) -> None:
    url = new_database()
    env = environment(tmp_path, url)
    assert run(env, "backup", str(tmp_path / "all.tar")).returncode == 0
    with psycopg.connect(url):
        done = run(env, "restore", str(tmp_path / "all.tar"), "--yes")
    assert done.returncode == 1
    assert "is in use by 1 connections" in done.stderr


def test_a_backup_never_overwrites_unasked(database: str, tmp_path: Path) -> None:
    (file := tmp_path / "all.tar").write_text("precious")
    env = environment(tmp_path, database)
    done = run(env, "backup", str(file))
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert file.read_text() == "precious"
    assert run(env, "backup", str(file), "--replace").returncode == 0


def test_a_damaged_file_is_found_out_before_anything_is_changed(database: str, tmp_path: Path) -> None:
    add_person(database, "taro@example.jp")
    env = environment(tmp_path, database)
    whole = tmp_path / "all.tar"
    assert run(env, "backup", str(whole)).returncode == 0
    content = whole.read_bytes()
    with tarfile.open(whole) as tar:
        middle = tar.getmember("database.dump").offset_data + 5_000
    damages = {
        "is damaged": content[:middle] + b"?!" + content[middle + 2 :],
        "is not a whole backup": content[: content.rindex(b"manifest.json")],
        "is not a backup of Kakehashi": b"something else",
        "There is no file": b"",
    }
    for words, damaged in damages.items():
        (file := tmp_path / "damaged.tar").write_bytes(damaged)
        if not damaged:
            file.unlink()
        done = run(env, "restore", str(file), "--yes")
        assert done.returncode == 1
        assert words in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert people(database) == ["taro@example.jp"]
