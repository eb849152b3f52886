from collections.abc import Iterable, Iterator

import pytest
from django.test import Client

from kakehashi.identity.people.actions import remember_workspace
from kakehashi.identity.people.models import Person
from kakehashi.ui.shell.workspace import WORKSPACE_LINKS, WorkspaceLink

from .conftest import sign_in


@pytest.fixture
def places() -> Iterator[list[WorkspaceLink]]:
    """What the person belongs to; a test fills it."""
    kept, found = list(WORKSPACE_LINKS), []
    WORKSPACE_LINKS.clear()

    def links(person_id: int) -> Iterable[WorkspaceLink]:
        return found

    WORKSPACE_LINKS.add(links)
    yield found
    WORKSPACE_LINKS.clear()
    for source in kept:
        WORKSPACE_LINKS.add(source)


def test_a_stranger_is_asked_to_sign_in(client: Client, aya: Person) -> None:
    assert client.get("/").headers["Location"] == "/account/login/?next=/"


def test_home_is_the_first_place_and_later_the_last_one(
    client: Client, aya: Person, places: list[WorkspaceLink]
) -> None:
    places += [WorkspaceLink("crm", "Minamo", "/crm/1/"), WorkspaceLink("desk", "Minamo", "/desk/1/")]
    sign_in(client, aya)
    assert client.get("/").headers["Location"] == "/crm/1/"

    remember_workspace(aya, "/desk/1/")
    assert client.get("/").headers["Location"] == "/desk/1/"


def test_a_place_that_was_left_is_not_home_any_more(client: Client, aya: Person, places: list[WorkspaceLink]) -> None:
    places.append(WorkspaceLink("crm", "Minamo", "/crm/1/"))
    remember_workspace(aya, "/desk/9/")
    sign_in(client, aya)
    assert client.get("/").headers["Location"] == "/crm/1/"


def test_a_person_without_a_place_is_told_what_to_do(client: Client, aya: Person, places: list[WorkspaceLink]) -> None:
    sign_in(client, aya)
    text = client.get("/").content.decode()
    assert "まだどの組織にも所属していません" in text
    assert aya.email in text
