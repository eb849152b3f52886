"""A stranger signs up where the installation allows it, and sets an organisation up from nothing."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from kakehashi.crm.orgs.models import Membership, Org
from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "new.person@example.com"


@pytest.fixture(autouse=True)
def somebody(settings: Settings) -> Person:
    settings.SIGN_UP = True
    return Person.objects.create_user("here@example.com", None, family_name="Here")


def link_for(client: Client, email: str, language: str = "en") -> str:
    assert client.post("/sign-up/", {"email": email}, headers={"Accept-Language": language}).status_code == 200
    found = re.search(r"/sign-up/[^\s]+/", Mail.objects.get(recipient=email.lower()).text)
    assert found
    return found[0]


def test_it_is_closed_unless_the_installation_opens_it(client: Client, settings: Settings) -> None:
    link = link_for(client, EMAIL)
    settings.SIGN_UP = False
    assert client.get("/sign-up/").status_code == 404
    assert client.get(link).status_code == 404
    assert "/sign-up/" not in client.get("/account/login/").content.decode()


def test_an_organisation_from_nothing(client: Client) -> None:
    assert "/sign-up/" in client.get("/account/login/").content.decode()
    link = link_for(client, "New.Person@Example.com")
    assert not Person.objects.filter(email=EMAIL).exists(), "nobody is made before the address is shown to be read"
    typed = {"family_name": "Aizawa", "given_name": "Misaki", "password": PASSWORD, "time_zone": "Europe/Berlin"}
    answer = client.post(link, typed, headers={"Accept-Language": "en"})
    assert answer["Location"] == "/crm/new"
    person = Person.objects.get(email=EMAIL)
    assert (person.language, person.time_zone) == ("en", "Europe/Berlin")
    assert person.emailaddress_set.get().verified  # type: ignore[attr-defined]
    page = client.get("/crm/new").content.decode()
    assert 'value="Europe/Berlin" selected' in page
    answer = client.post("/crm/new", {"name": "Minamo", "currency": "EUR", "time_zone": "Europe/Berlin"})
    org = Org.objects.get(name="Minamo")
    assert answer["Location"] == f"/crm/{org.pk}/"
    assert (org.currency, org.time_zone, org.language) == ("EUR", "Europe/Berlin", "en")
    assert Membership.objects.get(org=org, person=person).profile.is_administrator


def test_a_link_works_once(client: Client) -> None:
    link = link_for(client, EMAIL)
    typed = {"family_name": "Aizawa", "password": PASSWORD, "time_zone": ""}
    assert client.post(link, typed).status_code == 302
    assert Client().get(link).status_code == 410
    assert Client().get(link[:-4] + "xxx/").status_code == 410


def test_the_mail_speaks_the_visitors_language(client: Client) -> None:
    link_for(client, EMAIL, "ja")
    assert "パスワード" in Mail.objects.get(recipient=EMAIL).text


def test_who_has_an_account_is_told_only_by_mail(client: Client) -> None:
    page = client.post("/sign-up/", {"email": "here@example.com"}).content.decode()
    other = client.post("/sign-up/", {"email": EMAIL}).content.decode()
    words = page.split("<h1>")[1].split("<form")[0].replace("here@example.com", "")
    assert words == other.split("<h1>")[1].split("<form")[0].replace(EMAIL, "")
    assert "/sign-up/" not in Mail.objects.get(recipient="here@example.com").text


def test_a_weak_password_is_refused_beside_its_field(client: Client) -> None:
    link = link_for(client, EMAIL)
    answer = client.post(link, {"family_name": "Aizawa", "password": "12345", "time_zone": ""})
    assert answer.status_code == 422
    assert not Person.objects.filter(email=EMAIL).exists()


def test_asking_too_often_is_stopped(client: Client) -> None:
    answers = [client.post("/sign-up/", {"email": EMAIL}).status_code for _attempt in range(7)]
    assert answers[-1] == 429


def test_anybody_with_a_sign_in_makes_a_further_organisation(client: Client, somebody: Person) -> None:
    assert client.get("/crm/new").status_code == 302
    client.force_login(somebody)
    assert "/crm/new" in client.get("/").content.decode()
    assert client.post("/crm/new", {"name": ""}).status_code == 422
    client.post("/crm/new", {"name": "Second", "currency": "JPY", "time_zone": "Asia/Tokyo"})
    assert Org.objects.filter(name="Second", memberships__person=somebody).exists()
