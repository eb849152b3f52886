"""Every page of an org or portal, as every kind of person, by every method: tenants never mix, and rights hold everywhere.

The addresses come from the URL configuration, so a new page is in here at once: its parameters must be known to `world.py`, and
its row must stand in `matrix.txt`. `make access` writes that table anew; read the difference before you commit it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from pytest_django import DjangoDbBlocker

from kakehashi.identity.people.models import Person
from tests.access.addresses import Address, tenant_addresses
from tests.access.world import World, make_world

TABLE = Path(__file__).with_name("matrix.txt")
ROLES = ("administrator", "agent", "light_agent", "crm_only", "stranger", "nobody")
METHODS = ("get", "post")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for all rows, outside of any test's transaction, and swept away after them."""
    with django_db_blocker.unblock():
        made = make_world()
    yield made
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", tenant_addresses(), ids=lambda address: address.name)
def test_each_role_gets_what_the_table_says(world: World, address: Address, method: str) -> None:
    row = {role: said(ask(method, address, world, getattr(world, role, None))) for role in ROLES}
    assert row["stranger"] in {"unseen", "–"}, "tenants mix"
    assert row["nobody"] in {"sign in", "–"}, "open to everybody"
    line = f"{method:5}{address.name:32}" + "".join(f"{row[role]:15}" for role in ROLES).rstrip()
    if os.environ.get("UPDATE_ACCESS"):
        write_line(line)
    assert line in TABLE.read_text().splitlines()


def test_the_table_has_no_row_of_a_page_that_is_gone() -> None:
    names = {address.name for address in tenant_addresses()}
    assert {line.split()[1] for line in TABLE.read_text().splitlines()[2:]} <= names


def ask(method: str, address: Address, world: World, person: Person | None) -> HttpResponse:
    """Whatever it does is taken back, so that the next one finds the world as it was."""
    client = world.sessions.client_of(person)
    with transaction.atomic():
        form = {"csrfmiddlewaretoken": "-", "selected": world.parameters["ticket_id"]} if method == "post" else {}
        response = getattr(client, method)(address.fill(world.parameters), form)
        transaction.set_rollback(True)
    return response


def said(response: HttpResponse) -> str:
    """What an answer means to the one who asked."""
    if response.status_code == 302 and response["Location"].startswith("/account/login/"):
        return "sign in"
    words = {400: "incomplete", 403: "no", 404: "unseen", 405: "–", 409: "incomplete", 422: "incomplete"}
    assert response.status_code < 500
    return words.get(response.status_code, "yes")


def write_line(line: str) -> None:
    heading = " " * 37 + "".join(f"{role:15}" for role in ROLES).rstrip()
    kept = TABLE.read_text().splitlines()[2:] if TABLE.exists() else []
    kept = [row for row in kept if row.split()[:2] != line.split()[:2]] + [line]
    title = "Who gets what: yes, no (403), unseen (404), incomplete (may, but sent nothing), – (method not offered)"
    TABLE.write_text("\n".join([title, heading, *sorted(kept, key=lambda row: row.split()[1::-1])]) + "\n")
