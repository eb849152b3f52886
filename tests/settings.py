"""The product's settings on a database and a data folder of the tests. pytest-django reads these before any conftest is run."""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kakehashi.assembly.postgres.cluster import Cluster

if "KAKEHASHI_DATA" not in os.environ:
    os.environ["KAKEHASHI_DATA"] = tempfile.mkdtemp(prefix="kakehashi-test-")
    atexit.register(shutil.rmtree, os.environ["KAKEHASHI_DATA"], ignore_errors=True)
if "DATABASE_URL" not in os.environ:  # workers of pytest-xdist inherit it
    cluster = Cluster(Path(__file__).resolve().parent.parent / "build" / "test-postgres", durable=False)
    running = ExitStack()
    running.enter_context(cluster.in_use())
    atexit.register(running.close)
    os.environ["DATABASE_URL"] = cluster.url

from kakehashi.assembly.settings import *  # noqa: F403
from kakehashi.assembly.settings import DATABASES, STATIC_ROOT
from tests.template import migrated_template

if "KAKEHASHI_TEST_TEMPLATE" not in os.environ:
    os.environ["KAKEHASHI_TEST_TEMPLATE"] = migrated_template(os.environ["DATABASE_URL"])
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["KAKEHASHI_TEST_TEMPLATE"]}

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else every client of the tests warns that it is missing

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # the product's takes a quarter of a second, on purpose
