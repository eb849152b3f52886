"""`make mutations`: does anybody notice when the sync is broken? Each mutation is put into a copy of the tree, and the tests that should see it are run.

A mutation is a file, a text that stands in it exactly once, and what it is replaced by. One whose text is not there (any more) is an error: the code
has moved on, and the list with it. `make mutations ARGS="cursor reference"` runs those whose name contains one of the words.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mutants import MUTANTS, Mutant

from kakehashi.assembly.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "src/kakehashi"
LONGEST_SECONDS = 1_800


@dataclass(frozen=True, slots=True)
class Verdict:
    mutant: Mutant
    word: str
    seconds: float = 0.0
    by: str = ""


def main() -> None:
    """Prints a table; fails if a mutation survived or does not fit."""
    words = sys.argv[1:]
    wanted = [one for one in MUTANTS if not words or any(word in one.name for word in words)]
    if misfits := [one for one in wanted if times_there(one) != 1]:
        for one in misfits:
            print(f"{one.name}: its text stands {times_there(one)} times in {one.file}")
        sys.exit(1)
    verdicts = []
    with Cluster(ROOT / "build" / "mutations-postgres", durable=False).in_use() as cluster, copy_of_tree() as copy:
        environment = {**os.environ, "DATABASE_URL": cluster.url}
        if failed := first_failure(sorted({test for one in wanted for test in one.tests}), copy, environment):
            sys.exit(f"Before anything is broken, {failed} fails")
        for one in wanted:
            verdicts.append(judge(one, copy, environment))
            told(verdicts[-1])
    survivors = [one for one in verdicts if one.word != "caught"]
    print(f"\n{len(verdicts) - len(survivors)} of {len(verdicts)} caught")
    sys.exit(1 if survivors else 0)


def times_there(mutant: Mutant) -> int:
    path = ROOT / SOURCE / mutant.file
    return path.read_text().count(mutant.old) if path.exists() else 0


@contextmanager
def copy_of_tree() -> Iterator[Path]:
    """Source and tests; the working tree itself is never touched."""
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        for part in ("src", "tests", "bench", "tools"):
            shutil.copytree(ROOT / part, Path(folder) / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        yield Path(folder)


def judge(mutant: Mutant, copy: Path, environment: dict[str, str]) -> Verdict:
    file = copy / SOURCE / mutant.file
    sound = file.read_text()
    file.write_text(sound.replace(mutant.old, mutant.new))
    begun = time.monotonic()
    try:
        failed = first_failure(mutant.tests, copy, environment)
    except subprocess.TimeoutExpired:
        failed = "it hung"
    finally:
        file.write_text(sound)
    return Verdict(mutant, "caught" if failed else "SURVIVED", time.monotonic() - begun, failed)


def first_failure(tests: Sequence[str], copy: Path, environment: dict[str, str]) -> str:
    """The name of the first test that fails, "" if none does. One file at a time: of several, pytest-django runs the pure tests last."""
    return next((failed for one in tests if (failed := failure_in(one, copy, environment))), "")


def failure_in(tests: str, copy: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "--reuse-db", tests]
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return lines[0].split(" - ")[0].rpartition("::")[2] if lines else (done.stdout + done.stderr)[-400:]


def told(verdict: Verdict) -> None:
    print(f"{verdict.word:<9} {verdict.seconds:>6.0f} s  {verdict.mutant.name:<64} {verdict.by[:100]}", flush=True)


if __name__ == "__main__":
    main()
