from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kakehashi.identity.people.actions import deactivate_person
from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.oidc import provider_settings

from .fake_provider import CLIENT_ID, Provider, running_provider


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running_provider() as provider:
        monkeypatch.setenv("KAKEHASHI_OIDC_URL", provider.url)
        monkeypatch.setenv("KAKEHASHI_OIDC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("KAKEHASHI_OIDC_SECRET", "secret")
        monkeypatch.setenv("KAKEHASHI_OIDC_NAME", "Minamo ID")
        settings.SOCIALACCOUNT_PROVIDERS = provider_settings()
        yield provider


def _go_there_and_back(client: Client, provider: Provider, **claims: object) -> str:
    """Press the button, be sent back; answers the last page's text."""
    provider.claims = {"sub": "4711", **claims}
    departure = client.post("/account/departure/")
    assert departure.status_code == 200, "a form may not be redirected to another site under our CSP"
    return client.get(provider.return_address(departure.context["url"]), follow=True).content.decode()


def test_the_button_is_there_only_when_a_provider_is_set(client: Client, aya: Person, provider: Provider) -> None:
    assert "Minamo IDでサインイン" in client.get("/account/login/").content.decode()


def test_without_a_provider_there_is_no_button(client: Client, aya: Person) -> None:
    assert "/account/departure/" not in client.get("/account/login/").content.decode()
    assert client.post("/account/departure/").status_code == 404


def test_an_existing_person_is_let_in_by_their_verified_address(
    client: Client, aya: Person, provider: Provider
) -> None:
    _go_there_and_back(client, provider, email="Aya.Mori@example.com", email_verified=True)

    assert client.get("/account/profile/").status_code == 200
    assert int(client.session["_auth_user_id"]) == aya.pk
    assert "code_challenge" in provider.asked[0]
    assert "Minamo ID" in client.get("/account/3rdparty/").content.decode()


def test_a_stranger_is_told_to_ask_for_an_invitation_and_not_made(
    client: Client, aya: Person, provider: Provider
) -> None:
    text = _go_there_and_back(client, provider, email="new@example.com", email_verified=True)

    assert "招待が必要です" in text
    assert Person.objects.count() == 1
    assert client.get("/account/profile/").status_code == 302


def test_an_address_that_the_provider_did_not_verify_opens_nothing(
    client: Client, aya: Person, provider: Provider
) -> None:
    _go_there_and_back(client, provider, email=aya.email, email_verified=False)
    assert client.get("/account/profile/").status_code == 302


def test_an_address_one_is_only_changing_to_opens_nothing(
    client: Client, aya: Person, ben: Person, provider: Provider
) -> None:
    ben.emailaddress_set.create(email="boss@example.com", verified=False)
    _go_there_and_back(client, provider, email="boss@example.com", email_verified=True)
    assert client.get("/account/profile/").status_code == 302


def test_a_deactivated_person_stays_out(client: Client, aya: Person, provider: Provider) -> None:
    deactivate_person(aya)
    text = _go_there_and_back(client, provider, email=aya.email, email_verified=True)
    assert "このサインインは無効" in text


def test_an_answer_that_was_not_asked_for_is_refused(client: Client, aya: Person, provider: Provider) -> None:
    provider.claims = {"sub": "4711", "email": aya.email, "email_verified": True}
    client.get("/account/oidc/oidc/login/callback/?code=a-code&state=made-up", follow=True)
    assert client.get("/account/profile/").status_code == 302
