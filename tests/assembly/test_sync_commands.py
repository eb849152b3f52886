"""`kakehashi sync …` on the database of the tests."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from typer.testing import CliRunner

from kakehashi.assembly.cli import sync as commands
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.models import Run
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import update_record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import make_two_way
from tests.makers.crm import make_record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y9")]
Drain = Callable[[], int]


@pytest.fixture(autouse=True)
def on_the_tests_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "database_in_use", nullcontext)


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(commands.sync, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if "--json" in arguments else result.output


def test_from_health_over_pause_to_undo(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    org = joined.org.pk
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    crm, desk = run("health", "--org", org, "--json")["modules"]
    assert (crm["side"], crm["in_step"], crm["total"]) == ("crm", 1, 1)
    assert (desk["side"], desk["in_step"], desk["total"]) == ("desk", 1, 1)
    run("pause", "--org", org)
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    drain()
    assert Contact.objects.get().phone == "1"
    run("resume", "--org", org)
    drain()
    told = run("explain", "--org", org, "contacts", record.pk, "--json")
    assert (told["name"], told["standing"]) == ("相沢", "in_step")
    assert any("相沢" in sentence for sentence in told["why"])
    assert "相沢" in run("explain", "--org", org, "contacts", Contact.objects.get().pk, "--side", "desk")
    lines = told["lines"]
    assert [line["kind"] for line in lines] == ["created", "updated"]
    assert lines[1]["changes"] == {"phone": ["1", "2"]}
    first = Run.objects.get(kind="first")
    assert run("undo", "--org", org, first.pk, "--json") == {"is_done": False, "taken_back": 1, "left": {}}
    assert Contact.objects.get().deleted_at is None
    assert run("undo", "--org", org, first.pk, "--yes", "--json")["taken_back"] == 1
    assert Contact.objects.get().deleted_at
    assert "begins as soon as a worker runs" in run("compare", "--org", org)


def test_a_plan_is_told_and_approved(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    Connection.objects.update(state="planned")
    Run.objects.update(kind="plan")
    make_record(joined.org, Last_Name="相沢")
    drain()
    assert run("plan", "--org", joined.org.pk, "--json") == {"is_finished": True, "contacts create": 1}
    run("approve", "--org", joined.org.pk)
    drain()
    assert Contact.objects.get().last_name == "相沢"


def test_an_organisation_that_is_not_connected_says_so() -> None:
    result = CliRunner().invoke(commands.sync, ["health", "--org", "999999"])
    assert result.exit_code == 2
    assert "is not connected" in result.output
