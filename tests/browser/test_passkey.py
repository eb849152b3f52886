"""Passkeys in a real Chromium with a virtual authenticator, under our content security policy."""

import pytest
from playwright.sync_api import Page, expect

from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person
from tests.browser.conftest import Meet

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def aya(transactional_db: None) -> Person:
    person = Person.objects.create_user("aya.mori@example.com", PASSWORD, family_name="Mori", language="en")
    verify_email(person)
    return person


@pytest.fixture
def page(meet: Meet, aya: Person) -> Page:
    return meet(locale="en-GB").open("/account/login/")


@pytest.fixture
def authenticator(page: Page) -> str:
    """A fingerprint reader built into the machine, whose owner always touches it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    answer = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return str(answer["authenticatorId"])


def _base(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def _sign_in(page: Page) -> None:
    page.goto(f"{_base(page)}/account/login/")
    page.get_by_label("E-mail").fill("aya.mori@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def test_a_passkey_is_registered_and_then_signs_in_alone(page: Page, authenticator: str) -> None:
    _sign_in(page)
    page.goto(f"{_base(page)}/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{_base(page)}/account/2fa/webauthn/")
    expect(page.get_by_text("Passkey", exact=True)).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{_base(page)}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login/" not in url)

    page.goto(f"{_base(page)}/account/profile/")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_a_passkey_serves_as_the_second_step(page: Page, authenticator: str) -> None:
    _sign_in(page)
    page.goto(f"{_base(page)}/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/recovery-codes/**")

    page.context.clear_cookies()
    _sign_in(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)


def test_without_a_passkey_the_page_says_what_happened(page: Page, authenticator: str) -> None:
    page.goto(f"{_base(page)}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done")
