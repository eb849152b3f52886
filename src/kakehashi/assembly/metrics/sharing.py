"""Where the processes of one `serve` put what they count, so that any of them can answer for all."""

import contextlib
import os
import shutil
from pathlib import Path

import psutil

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name; it looks when it is imported


def share_counts(data: Path) -> None:
    """Called by the supervisor before it starts anybody. What an earlier run counted is over."""
    folder = data / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ[FOLDER] = str(folder)


def forget_the_dead() -> None:
    """What a process that is gone had open is not open any more; what it counted still counts."""
    for file in Path(os.environ[FOLDER]).glob("gauge_live*.db"):
        if not psutil.pid_exists(int(file.stem.rpartition("_")[2])):
            with contextlib.suppress(OSError):
                file.unlink()
