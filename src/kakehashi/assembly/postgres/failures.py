"""What PostgreSQL's own words mean for the person who wants to start it."""

import errno
import os
from pathlib import Path

from kakehashi.assembly.refusal import Refusal

_CAUSES = [
    ("No space left on device", "The disk that holds {folder} is full.", "Free some space and start again; nothing is lost."),
    ("Read-only file system", "{folder} is on a file system that cannot be written.", "Set KAKEHASHI_DATA to another folder."),
    ("Permission denied", "PostgreSQL may not read or write {folder}.", "Set KAKEHASHI_DATA to a folder of its own user."),
    ("has wrong ownership", "{folder} belongs to another user.", "Run as the user who started Kakehashi first."),
    ("pre-existing shared memory block", "PostgreSQL processes of an earlier run are still ending.", "Wait a few seconds and start again."),
    ("already exists", "PostgreSQL processes of an earlier run are still ending.", "Wait a few seconds and start again."),
    ("could not create shared memory", "The system grants PostgreSQL too little shared memory.", "In a container, give it --shm-size=256m."),
    ("could not create semaphores", "The system grants PostgreSQL too few semaphores.", "Raise kernel.sem, or set DATABASE_URL."),
    ("could not locate a valid checkpoint", "{folder} is damaged.", "Restore a backup: kakehashi restore FILE."),
]  # fmt: skip


def explain_start(folder: Path, output: str) -> tuple[str, str]:
    """What is wrong and what to do, from the output of a program and the end of the server's log."""
    text = f"{output}\n{_end_of(folder / 'server.log')}"
    for words, what, do in _CAUSES:
        if words in text:
            return what.format(folder=folder), do
    telling = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    return f"PostgreSQL did not start: {(telling or [output.strip()])[-1]}", f"Its log is {folder / 'server.log'}."


def cannot_write(folder: Path, failure: OSError) -> Refusal:
    if failure.errno == errno.ENOSPC:
        return Refusal(f"The disk that holds {folder} is full.", "Free some space and start again; nothing is lost.")
    if isinstance(failure, FileExistsError | NotADirectoryError):
        return Refusal(f"{folder} is not a folder.", "Set KAKEHASHI_DATA to one.")
    why = os.strerror(failure.errno) if failure.errno else str(failure)
    return Refusal(
        f"The data folder {folder} cannot be written ({why}).",
        "Make it writable, or set KAKEHASHI_DATA to another folder.",
    )


def _end_of(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    except OSError:
        return ""
