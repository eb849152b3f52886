"""How the embedded PostgreSQL uses the machine, which it shares with our own processes."""

from pathlib import Path

import psutil

_MEGABYTE = 1 << 20
_LEAST_MEGABYTES, _MOST_MEGABYTES = 128, 2_048
# What a container may take, by the kernel's control groups, new and old.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def settings_for(memory: int) -> dict[str, str]:
    """For a machine with so many bytes: an eighth for pages of the database, the rest stays with the system, which keeps files in it.

    Checkpoints come by time instead of by size during a large import. Compiling queries (`jit`) never pays for pages that
    take milliseconds, and takes a second where the planner guesses wrong.
    """
    shared = min(max(memory // 8 // _MEGABYTE, _LEAST_MEGABYTES), _MOST_MEGABYTES)
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(memory // 2 // _MEGABYTE, 2 * _LEAST_MEGABYTES)}MB",
        "max_wal_size": "2GB",
        "jit": "off",
    }


def memory_of_machine(limits: tuple[Path, ...] = _LIMITS) -> int:
    """Bytes; those of the container where that has fewer."""
    allowed = [int(text) for limit in limits if (text := _read(limit)).isdecimal()]
    return min(psutil.virtual_memory().total, *allowed) if allowed else psutil.virtual_memory().total


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
