from collections.abc import Iterator

import pytest
from django.test import Client

from kakehashi.identity.first_run import FIRST_RUN, FirstProduct
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD

TYPED = {
    "family_name": "森",
    "given_name": "彩",
    "email": "Aya.Mori@example.com",
    "password": PASSWORD,
    "organisation_name": "みなも計測株式会社",
    "product": "all",
}


@pytest.fixture
def begun() -> Iterator[list[tuple[str, str, str]]]:
    """Two products; answers what they were asked to begin."""
    kept = list(FIRST_RUN)
    FIRST_RUN.clear()
    calls: list[tuple[str, str, str]] = []

    def product(key: str) -> FirstProduct:
        def begin(person: Person, organisation_name: str, language: str) -> str:
            calls.append((key, organisation_name, language))
            return f"/{key}/1/"

        return FirstProduct(key, key.upper(), "", "home", begin)

    FIRST_RUN.add(product("crm"))
    FIRST_RUN.add(product("desk"))
    yield calls
    FIRST_RUN.clear()
    for item in kept:
        FIRST_RUN.add(item)


def test_every_page_leads_to_the_first_run_while_nobody_exists(client: Client) -> None:
    assert client.get("/account/login/").headers["Location"] == "/start"
    assert client.get("/healthz").status_code == 200


def test_the_first_visitor_becomes_the_administrator_of_both_products(
    client: Client, begun: list[tuple[str, str, str]]
) -> None:
    answer = client.post("/start", TYPED, headers={"Accept-Language": "ja"})

    assert answer.headers["Location"] == "/crm/1/"
    assert begun == [("crm", "みなも計測株式会社", "ja"), ("desk", "みなも計測株式会社", "ja")]
    person = Person.objects.get()
    assert (person.email, person.name, person.language) == ("aya.mori@example.com", "森 彩", "ja")
    assert person.emailaddress_set.get().verified
    assert int(client.session["_auth_user_id"]) == person.pk
