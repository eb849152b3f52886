"""`make bench [ONLY=import,block] [N=0.1]`: a fresh database, every measurement, a table and build/bench.json."""

import argparse
import gc
import os
import tempfile
from pathlib import Path

from bench.harness import BENCHES, print_head, print_rows, write_results

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help="names, or what they begin with, with commas: sync, mail")
    parser.add_argument("--scale", type=float, default=1.0, help="1 = the sizes of the goals; 0.1 = a tenth")
    parser.add_argument("--again", action="store_true", help="measure in the database that the last run left")
    options = parser.parse_args()
    prepare(again=options.again)
    import bench.measurements  # noqa: F401 - needs Django's settings
    from bench.machine import times_slower

    gc.freeze()  # as web processes and workers do
    wanted = named(options.only) or list(BENCHES)
    print_head()
    for name in wanted:
        measurement, slower = BENCHES[name], times_slower()
        print(f"… {name}, on a machine {slower:.1f} times slower than the one of the goals", flush=True)
        rows = measurement.run(max(1, int(measurement.n * options.scale)))
        print_rows(rows, slower)
        write_results(rows)


def named(only: str) -> list[str]:
    """Of "sync" every measurement whose name is "sync" or begins with "sync-". Unknown names are an error."""
    found = {
        word: [name for name in BENCHES if name == word or name.startswith(f"{word}-")]
        for word in only.split(",")
        if word
    }
    if unknown := [word for word, names in found.items() if not names]:
        raise SystemExit(f"No measurement is called {', '.join(unknown)}. There are: {', '.join(BENCHES)}")
    return [name for names in found.values() for name in names]


def prepare(*, again: bool = False) -> None:
    """An empty, migrated database of its own on a durable cluster below build/, or the last run's."""
    from kakehashi.assembly.postgres.cluster import Cluster

    os.environ["KAKEHASHI_DATA"] = tempfile.mkdtemp(prefix="kakehashi-bench-")
    os.environ["KAKEHASHI_LOG"] = "ERROR"
    cluster = Cluster(BUILD / "bench-postgres")
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url_of("bench")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    if not again:
        recreate(cluster.url_of("postgres"))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def recreate(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        connection.execute("CREATE DATABASE bench")


if __name__ == "__main__":
    main()
