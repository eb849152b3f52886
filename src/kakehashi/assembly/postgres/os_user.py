"""Who PostgreSQL runs as. It refuses root, so root hands it to an ordinary system user; anybody else runs it as themselves.

Below a closed folder (such as /root) that user could not even reach the data. Then the capability to search folders goes with it,
so that no folder's rights are loosened; where a container withholds that, we say so.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kakehashi.assembly.refusal import Refusal

NAME = "kakehashi"
_DAC_READ_SEARCH = 2  # capabilities(7)
_MOVE = (
    "Set KAKEHASHI_DATA to a folder that everybody may enter, such as /var/lib/kakehashi, or run as an ordinary user."
)


def owner_for(folder: Path) -> pwd.struct_passwd:
    """The user of a data folder: the one it belongs to already, else ourselves, or for root the system user `kakehashi`."""
    if os.geteuid() != 0:
        return _ourselves(folder)
    if folder.exists() and (uid := folder.stat().st_uid) != 0:
        return pwd.getpwuid(uid)
    return _system_user()


def command_prefix(user: pwd.struct_passwd, must_reach: Iterable[Path]) -> list[str]:
    """What to put before a command so that it runs as `user` and reaches those folders."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise Refusal(
            "PostgreSQL does not run as root, and `setpriv` to run it as another user is missing.",
            "Install util-linux, run as an ordinary user, or set DATABASE_URL.",
        )
    prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    closed = [path for path in must_reach if not _is_reachable(path, user)]
    if closed:
        if not _may_search_everywhere():
            raise Refusal(f"The user {user.pw_name!r}, as which PostgreSQL runs, cannot reach {closed[0]}.", _MOVE)
        prefix += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return [*prefix, "--"]


def _ourselves(folder: Path) -> pwd.struct_passwd:
    try:
        us = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Refusal(
            f"The user id {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs.",
            "Run as a user that has one, or set DATABASE_URL.",
        ) from None
    if folder.exists() and (uid := folder.stat().st_uid) != us.pw_uid:
        raise Refusal(
            f"{folder} belongs to user id {uid}, and you are {us.pw_name} ({us.pw_uid}).",
            "Run as the user who started Kakehashi first (root, perhaps), or set KAKEHASHI_DATA to another folder.",
        )
    return us


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as failure:
        reason = getattr(failure, "stderr", "") or str(failure)
        raise Refusal(
            f"PostgreSQL does not run as root, and the system user {NAME!r} for it could not be made ({reason.strip()}).",
            "Make that user by hand, run as an ordinary user, or set DATABASE_URL.",
        ) from None


def _is_reachable(path: Path, user: pwd.struct_passwd) -> bool:
    return all(_may_enter(folder, user) for folder in path.resolve().parents)


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    found = folder.stat()
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _may_search_everywhere() -> bool:
    if sys.platform != "linux":
        return False
    lines = Path("/proc/self/status").read_text().splitlines()
    return all(
        int(line.split()[1], 16) & (1 << _DAC_READ_SEARCH) for line in lines if line.startswith(("CapPrm", "CapBnd"))
    )
