"""The product on its embedded PostgreSQL, killed hard at any moment: the next start just works."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from kakehashi.assembly.postgres.cluster import Cluster
from tests.assembly.product import Product, environment, run, wait_for


@pytest.fixture
def folder(data: Path) -> Iterator[Path]:
    yield data
    Cluster(data / "postgres").stop()


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def note(folder: Path, what: str) -> None:
    with psycopg.connect(Cluster(folder / "postgres").url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS noted (what text)")
        connection.execute("INSERT INTO noted VALUES (%s)", [what])


def noted(folder: Path) -> list[str]:
    with psycopg.connect(Cluster(folder / "postgres").url) as connection:
        return [row[0] for row in connection.execute("SELECT what FROM noted")]


def test_whatever_is_killed_it_comes_back_and_keeps_everything(folder: Path) -> None:
    env = environment(folder)
    first = Product(env).wait_until_ready()
    note(folder, "before")

    server = postmaster(folder)
    server.kill()
    wait_for(lambda: first.says("The embedded PostgreSQL ended unasked"))
    wait_for(first.is_healthy)
    assert noted(folder) == ["before"]

    children = first.descendants("kakehashi.assembly")
    first.kill()
    wait_for(lambda: all(is_gone(child) for child in children), seconds=10)
    assert not is_gone(postmaster(folder)), "PostgreSQL outlives its starter; the next start takes it over"

    second = Product(env).wait_until_ready()
    note(folder, "after")
    everything = [postmaster(folder), *second.descendants("kakehashi.assembly"), psutil.Process(second.process.pid)]
    for process in everything:
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: all(is_gone(process) for process in everything[:-1]))
    second.process.wait()

    third = Product(env).wait_until_ready()
    assert third.is_healthy()
    assert noted(folder) == ["before", "after"]
    server = postmaster(folder)
    assert third.stop() == 0
    assert is_gone(server)
    assert third.says("Everything is saved")


def test_a_command_starts_postgresql_for_itself_and_leaves_nothing_running(folder: Path) -> None:
    done = run(environment(folder), "migrate")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "The database is up to date now.\n"
    assert not Cluster(folder / "postgres").is_running()


def test_the_number_in_a_stale_pid_file_may_be_somebody_elses(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", durable=False)
    cluster.start()
    lines = (folder / "postgres" / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    pid_file = folder / "postgres" / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    pid_file.chmod(0o600)
    assert not cluster.is_running()
    with cluster.in_use():
        assert cluster.is_running()


def test_the_last_user_stops_it(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", durable=False)
    with cluster.in_use():
        with cluster.in_use():
            pass
        assert cluster.is_running()
    assert not cluster.is_running()


def test_making_the_cluster_was_cut_off(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir(mode=0o700)
    (half / "PG_VERSION").write_text("16\n")
    with Cluster(folder / "postgres", durable=False).in_use():
        assert not half.exists()
