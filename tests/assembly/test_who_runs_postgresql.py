"""PostgreSQL refuses root, and its socket must be nobody else's."""

import os
import pwd
from pathlib import Path

import pytest

from kakehashi.assembly.postgres import os_user
from kakehashi.assembly.postgres.cluster import Cluster
from kakehashi.assembly.refusal import Refusal

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about starting as root")


@only_root
def test_root_hands_it_to_a_user_of_its_own(data: Path) -> None:
    cluster = Cluster(data / "postgres", durable=False)
    with cluster.in_use():
        assert (data / "postgres").owner() == os_user.NAME
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700
        assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
        assert cluster.socket_folder.owner() == os_user.NAME


@only_root
def test_below_a_closed_folder_no_rights_are_loosened(data: Path) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    with Cluster(closed / "postgres", durable=False).in_use():
        assert closed.stat().st_mode & 0o777 == 0o700


@only_root
def test_where_a_container_withholds_the_capability_it_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "closed").mkdir(mode=0o700)
    monkeypatch.setattr(os_user, "_may_search_everywhere", lambda: False)
    with pytest.raises(
        Refusal, match=r"cannot reach .*closed.* Set KAKEHASHI_DATA to a folder that everybody may enter"
    ):
        Cluster(data / "closed" / "postgres").start()
    with Cluster(data / "postgres", durable=False).in_use():
        pass  # an open folder needs no capability


@only_root
@pytest.mark.parametrize("program", ["setpriv", "useradd"])
def test_a_missing_program_is_named(data: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(os_user, "NAME", "nobody-of-this-name")
    monkeypatch.setenv("PATH", "/nowhere")
    if program == "setpriv":
        monkeypatch.setattr(os_user, "_system_user", lambda: pwd.getpwnam("nobody"))
    with pytest.raises(Refusal, match=program if program == "setpriv" else "could not be made"):
        Cluster(data / "postgres").start()


@only_root
def test_a_socket_folder_of_somebody_else_is_refused(data: Path) -> None:
    cluster = Cluster(data / "postgres", durable=False)
    cluster.socket_folder.mkdir(mode=0o777)
    try:
        os.chown(cluster.socket_folder, 65_534, 65_534)
        with pytest.raises(Refusal, match="belongs to somebody else"):
            cluster.start()
    finally:
        cluster.socket_folder.rmdir()


def test_a_data_folder_of_somebody_else_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    (data / "postgres").mkdir()
    with pytest.raises(Refusal, match=r"belongs to user id \d+, and you are nobody"):
        os_user.owner_for(data / "postgres")


def test_a_user_without_an_entry_is_told_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1_234_567)
    with pytest.raises(Refusal, match="has no entry in /etc/passwd"):
        os_user.owner_for(data / "postgres")
