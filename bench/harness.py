"""Measures the product against the bare limit of the same work in the same run (design §7).

Machines differ, so a figure is a ratio: our value beside what PostgreSQL alone needs for it, seconds apart on the same machine.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "build" / "bench.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` is the bare limit in the same unit, `ratio` how many times worse than it we are, `goal` in words and `target` as a number."""

    name: str
    n: int
    value: float
    unit: str
    limit: float | None
    goal: str
    target: float | None = None

    @property
    def is_speed(self) -> bool:
        """More of it is better."""
        return self.unit.endswith("/s")

    def holds(self, slower: float = 1.0) -> bool | None:
        """None without a goal. `slower` is how many times slower than the machine of the goals this one is; memory does not depend on it."""
        if self.target is None:
            return None
        if self.is_speed:
            return self.value * slower >= self.target
        return self.value / (1.0 if self.unit == "MB" else slower) < self.target

    @property
    def ratio(self) -> float | None:
        if not self.limit or not self.value:
            return None
        return self.limit / self.value if self.is_speed else self.value / self.limit


@dataclass(frozen=True, slots=True)
class Bench:
    name: str
    n: int
    run: Callable[[int], list[Row]]


BENCHES: dict[str, Bench] = {}


def bench(name: str, *, n: int) -> Callable[[Callable[[int], list[Row]]], Callable[[int], list[Row]]]:
    """Register a measurement of size `n` (scaled by `N=`)."""

    def register(run: Callable[[int], list[Row]]) -> Callable[[int], list[Row]]:
        BENCHES[name] = Bench(name, n, run)
        return run

    return register


def at_least(name: str, n: int, value: float, limit: float | None, goal: float, unit: str = "rows/s") -> Row:
    """A speed: more is better."""
    return Row(name, n, value, unit, limit, f"≥ {goal:,.0f} {unit}", goal)


def at_most(name: str, n: int, value: float, limit: float | None, goal: float, unit: str = "ms") -> Row:
    """A duration: less is better."""
    return Row(name, n, value, unit, limit, f"< {goal:,.0f} {unit}", goal)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """`with stopwatch() as seconds: …; seconds()`."""
    started = time.perf_counter()
    yield lambda: time.perf_counter() - started


@contextmanager
def cpu_stopwatch() -> Iterator[Callable[[], float]]:
    """The same in seconds of this process's CPU, which a crowded machine does not lengthen. What PostgreSQL does meanwhile is not in it."""
    started = time.process_time()
    yield lambda: time.process_time() - started


@contextmanager
def work_stopwatch(backend: int) -> Iterator[Callable[[], float]]:
    """CPU seconds of this process and of the PostgreSQL process (`pg_backend_pid`) that works for it, on this machine."""
    started, before = time.process_time(), cpu_seconds_of(backend)
    yield lambda: time.process_time() - started + cpu_seconds_of(backend) - before


def backend_pid() -> int:
    """The PostgreSQL process that works for this one's connection."""
    from django.db import connection  # settings are not read before the database is made

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cpu_seconds_of(process: int) -> float:
    """What Linux has counted for a process of this machine."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def milliseconds_of(work: Callable[[], object], *, times: int) -> list[float]:
    """How long each of `times` runs took, sorted."""
    measured = []
    for _ in range(times):
        with stopwatch() as seconds:
            work()
            measured.append(seconds() * 1000)
    return sorted(measured)


def percentile(sorted_values: list[float], share: float) -> float:
    """The smallest value that `share` of all are not above."""
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def median(values: list[float]) -> float:
    return statistics.median(values)


def print_head() -> None:
    print(f"{'what':44} {'n':>9} {'value':>12} {'unit':8} {'bare limit':>12} {'ratio':>7}  goal")


def print_rows(rows: list[Row], slower: float = 1.0) -> None:
    """One measurement's figures, as soon as it has them: a long run tells what it knows."""
    for row in rows:
        limit = f"{row.limit:,.1f}" if row.limit else "–"
        ratio = f"{row.ratio:.1f}×" if row.ratio else "–"
        print(
            f"{row.name:44} {row.n:>9,} {row.value:>12,.1f} {row.unit:8} {limit:>12} {ratio:>7}  {row.goal}  {verdict(row, slower)}",
            flush=True,
        )


def verdict(row: Row, slower: float) -> str:
    """ "would hold" is a goal that is missed here and met by as much work on a machine as fast as the one of the goals."""
    words = {True: "holds", False: "would hold" if row.holds(slower) else "MISSED", None: ""}
    return words[row.holds()]


def write_results(rows: list[Row]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    kept = {row["name"]: row for row in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
    kept |= {row.name: {**asdict(row), "ratio": row.ratio, "holds": row.holds()} for row in rows}
    RESULTS.write_text(json.dumps(list(kept.values()), indent=1, ensure_ascii=False))
