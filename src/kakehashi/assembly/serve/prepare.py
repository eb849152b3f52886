"""What has to be done before anything is served: tables, static files, demo data.

A process of its own, so that the supervisor stays small. Prints one line of JSON: what to tell the person who started it.
"""

import json
import logging
import os
import sys

import django
from django.conf import settings

from kakehashi.assembly.cli.errors import ends_with_a_sentence
from kakehashi.assembly.postgres.external import require_usable
from kakehashi.assembly.serve.lifeline import die_with_parent

logger = logging.getLogger(__name__)


def prepare() -> list[str]:
    """Every step may be repeated, and may have been cut off the last time. Answers how to sign in, line by line."""
    if url := os.environ.get("DATABASE_URL"):
        require_usable(url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    django.setup()
    from .migrations import migrate
    from .static_files import collect_static_files

    migrate()
    collect_static_files()
    return _prepare_people()


def _prepare_people() -> list[str]:
    from kakehashi.assembly.demo.load import DEMO_PASSWORD, load_demo
    from kakehashi.identity.people.models import Person
    from kakehashi.identity.sign_in.models import DemoSignIn

    if settings.DEMO:
        load_demo(lambda line: print(f"  {line}", file=sys.stderr, flush=True))
    if not Person.objects.exists():
        return ["Nobody is here yet: the first visit makes the first administrator."]
    if not settings.DEMO:
        return []
    emails = DemoSignIn.objects.order_by("id").values_list("person__email", flat=True)
    password = f", password {DEMO_PASSWORD}" if DEMO_PASSWORD else ""
    return ["Sign in with one click on the sign-in page, or as:", *(f"  {email}{password}" for email in emails)]


if __name__ == "__main__":
    die_with_parent()
    with ends_with_a_sentence():
        print(json.dumps(prepare()))
