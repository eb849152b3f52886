"""One PostgreSQL, and `kakehashi serve` with two web and three worker processes on it, started anew whenever its supervisor is killed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from kakehashi.assembly.postgres.cluster import Cluster
from tests.assembly.product import ROOT, Product, environment, free_port, run

FOLDER = ROOT / "build" / "scale"
DATABASE = "scale"
WEB, WORKERS = 2, 3


@contextmanager
def fresh_database() -> Iterator[str]:
    """Its address, with the product's tables; whatever an earlier run left is gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(FOLDER / "postgres", durable=False)
    with cluster.in_use():
        with psycopg.connect(make_conninfo(cluster.url), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
        url = make_conninfo(cluster.url, dbname=DATABASE)
        shutil.rmtree(data_folder(), ignore_errors=True)
        done = run(environment(data_folder(), url), "migrate", seconds=600)
        assert done.returncode == 0, done.stderr
        yield url


def data_folder() -> Path:
    return FOLDER / "data"


def use_django(url: str) -> None:
    """In this process, too: for making the world and for judging the end."""
    os.environ |= {"DATABASE_URL": url, "KAKEHASHI_DATA": str(data_folder())}
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.assembly.settings"
    import django

    django.setup()


class Installation:
    """`starts` counts how often the supervisor had to be started."""

    def __init__(self, url: str, postbox_port: int) -> None:
        self.smtp_port, self._port = free_port(), free_port()
        self._env = environment(
            data_folder(),
            url,
            KAKEHASHI_SMTP_LISTEN=f"127.0.0.1:{self.smtp_port}",
            KAKEHASHI_SMTP_URL=f"smtp://127.0.0.1:{postbox_port}",
            KAKEHASHI_THREADS="4",
        )
        self.starts = 0
        self.lines: list[str] = []
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        words = ["--processes", str(WEB), "--workers", str(WORKERS)]
        self.starts += 1
        self.product = Product(self._env, *words, port=self._port)
        self.product.lines = self.lines

    def keep_alive(self) -> None:
        if self.product.process.poll() is not None:
            self.start()
