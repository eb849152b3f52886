import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.assembly.product import Product, environment

TEST_CLUSTER = os.environ["DATABASE_URL"]
TEMPLATE = os.environ["KAKEHASHI_TEST_TEMPLATE"]


def url_of(database: str) -> str:
    return make_conninfo(TEST_CLUSTER, dbname=database)


def execute(statement: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Makes a migrated, empty database and answers its address."""
    made: list[str] = []

    def make() -> str:
        made.append(f"assembly_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{len(made)}")
        execute(f"DROP DATABASE IF EXISTS {made[-1]} WITH (FORCE)")
        execute(f"CREATE DATABASE {made[-1]} TEMPLATE {TEMPLATE}")
        return url_of(made[-1])

    yield make
    for name in made:
        execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder whose path everybody may enter, as the embedded PostgreSQL of a root user needs."""
    folder = Path(tempfile.mkdtemp(prefix="kakehashi-assembly-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def product(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One running product for a module of tests, on a database of its own."""
    served = Product(environment(tmp_path_factory.mktemp("data"), new_database(), KAKEHASHI_THREADS="4"))
    try:
        yield served.wait_until_ready()
    finally:
        served.stop()
