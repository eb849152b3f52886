import threading
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from kakehashi.core.errors import ProductError
from kakehashi.crm.orgs.models import Membership
from kakehashi.desk.portals.models import Agent
from kakehashi.identity.first_run import FIRST_RUN, FirstProduct
from kakehashi.identity.first_run.actions import AlreadyStarted, begin
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD

TYPED = {
    "family_name": "森",
    "given_name": "彩",
    "email": "Aya.Mori@example.com",
    "password": PASSWORD,
    "organisation_name": "みなも計測株式会社",
    "product": "all",
    "time_zone": "Asia/Tokyo",
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


@pytest.mark.parametrize(("language", "words"), [("ja", "架け橋へようこそ"), ("en-GB", "Welcome to Kakehashi")])
def test_the_first_page_speaks_the_visitors_language(client: Client, language: str, words: str) -> None:
    answer = client.get("/start", headers={"Accept-Language": language})
    assert words in answer.content.decode()


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


def test_one_product_may_be_enough(client: Client, begun: list[tuple[str, str, str]]) -> None:
    answer = client.post(
        "/start", TYPED | {"product": "desk", "time_zone": "Europe/London"}, headers={"Accept-Language": "en"}
    )

    assert answer.headers["Location"] == "/desk/1/"
    assert begun == [("desk", "みなも計測株式会社", "en")]
    assert Person.objects.get().time_zone == "Europe/London"


def test_the_real_products_make_an_org_and_a_portal(client: Client) -> None:
    client.post("/start", TYPED, headers={"Accept-Language": "ja"})

    person = Person.objects.get()
    assert Membership.objects.get(person=person).org.name == "みなも計測株式会社"
    assert Agent.objects.get(person=person).portal.language == "ja"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(client: Client) -> None:
    answer = client.post("/start", TYPED | {"password": "short", "email": "no address"})

    assert answer.status_code == 422
    assert "みなも計測株式会社" in answer.content.decode()
    assert not Person.objects.exists()


def test_if_a_product_refuses_nobody_was_made(client: Client) -> None:
    class Refused(ProductError):
        pass

    def refuse(person: Person, organisation_name: str, language: str) -> str:
        raise Refused

    FIRST_RUN.add(FirstProduct("stubborn", "Stubborn", "", "home", refuse))
    try:
        client.post("/start", TYPED)
    finally:
        kept = [product for product in FIRST_RUN if product.key != "stubborn"]
        FIRST_RUN.clear()
        for product in kept:
            FIRST_RUN.add(product)
    assert not Person.objects.exists()


def test_after_the_first_person_the_page_is_gone(client: Client, aya: Person) -> None:
    assert client.get("/start").status_code == 404
    answer = client.post("/start", TYPED | {"email": "late@example.com"})

    assert answer.status_code == 409
    assert "ほかの方が先に" in answer.content.decode()
    assert Person.objects.count() == 1


def test_once_somebody_exists_the_database_is_not_asked_again(
    client: Client, aya: Person, django_assert_num_queries: object
) -> None:
    client.get("/account/inactive/")
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/account/inactive/")


@pytest.mark.django_db(transaction=True)
def test_of_two_first_visitors_one_wins_and_the_other_is_told() -> None:
    call_command("flush", interactive=False, verbosity=0)  # a world that other tests share may stand there
    told: list[str] = []
    ready = threading.Barrier(2)

    def visit(number: int) -> None:
        ready.wait()
        try:
            begin(
                email=f"visitor{number}@example.com",
                password=PASSWORD,
                family_name="",
                given_name="",
                organisation_name="",
                language="en",
                time_zone="UTC",
                product_keys=[],
            )
            told.append("won")
        except AlreadyStarted:
            told.append("told")
        finally:
            connection.close()

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(2)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    assert sorted(told) == ["told", "won"]
    assert Person.objects.count() == 1
