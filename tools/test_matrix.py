"""`make test-matrix`: the tests on an external PostgreSQL 15 (Debian's, when installed) and with the next Django (needs Python 3.12)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from kakehashi.assembly.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
NEXT_DJANGO = "django>=6.0,<6.1"


def main() -> None:
    """Arguments go to pytest. Fails when one of the runs fails; says which could not be made here."""
    results = {"PostgreSQL 15": test_on_postgresql(sys.argv[1:]), NEXT_DJANGO: test_with_next_django(sys.argv[1:])}
    for name, result in results.items():
        print(f"{name:<20} {result}")
    sys.exit(1 if "FAILED" in results.values() else 0)


def test_on_postgresql(words: list[str]) -> str:
    if not POSTGRESQL.exists():
        return "left out: Debian's postgresql-15 is not installed"
    print("── on PostgreSQL 15", flush=True)
    with Cluster(BUILD / "matrix-postgres", durable=False, programs=POSTGRESQL).in_use() as cluster:
        return run_tests(sys.executable, words, DATABASE_URL=cluster.url)


def test_with_next_django(words: list[str]) -> str:
    newer = find_newer_python()
    if newer is None:
        return "left out: it needs Python 3.12 or newer on the PATH"
    uv = str(Path(sys.executable).parent / "uv")
    print(f"── with {NEXT_DJANGO}", flush=True)
    venv = BUILD / "matrix-venv"
    python = str(venv / "bin" / "python")
    install = [uv, "pip", "install", "--quiet", "--python", python]
    for command in (
        [uv, "venv", "--quiet", "--allow-existing", "--python", newer, str(venv)],
        [*install, "--no-verify-hashes", "-r", "requirements-dev.lock"],
        [*install, NEXT_DJANGO],
        [*install, "--no-deps", "--no-build-isolation", "-e", "."],
    ):
        subprocess.run(command, check=True, cwd=ROOT)
    return run_tests(python, words)


def find_newer_python() -> str | None:
    for name in ("python3.12", "python3.13", "python3.14"):
        if (path := shutil.which(name)) and subprocess.run(
            [path, "--version"], capture_output=True, check=False
        ).returncode == 0:
            return path
    return None


def run_tests(python: str, words: list[str], **environment: str) -> str:
    command = [python, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *words]
    done = subprocess.run(command, env={**os.environ, **environment}, cwd=ROOT, check=False)
    return "passed" if done.returncode == 0 else "FAILED"


if __name__ == "__main__":
    main()
