import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.demo import offer
from kakehashi.identity.sign_in.models import DemoSignIn


@pytest.fixture
def offered(aya: Person) -> DemoSignIn:
    return offer(aya, "森 彩（管理者）", "Aya Mori (administrator)", ("営業部の責任者", "Head of sales"))


def test_in_demo_mode_one_click_signs_in(client: Client, offered: DemoSignIn, settings: Settings) -> None:
    settings.DEMO = True
    page = client.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    assert "Aya Mori (administrator)" in page
    assert "Head of sales" in page

    answer = client.post(f"/account/demo/{offered.pk}/")

    assert answer.headers["Location"] == "/"
    assert client.get("/account/profile/").status_code == 200


def test_outside_demo_mode_nothing_is_offered_and_nothing_can_be_clicked(
    client: Client, offered: DemoSignIn, settings: Settings
) -> None:
    settings.DEMO = False
    assert "森 彩" not in client.get("/account/login/").content.decode()

    assert client.post(f"/account/demo/{offered.pk}/").status_code == 404
    assert client.get("/account/profile/").status_code == 302


def test_a_link_alone_signs_nobody_in(client: Client, offered: DemoSignIn, settings: Settings) -> None:
    settings.DEMO = True
    assert client.get(f"/account/demo/{offered.pk}/").status_code == 405


def test_only_offered_persons_can_be_clicked(
    client: Client, offered: DemoSignIn, ben: Person, settings: Settings
) -> None:
    settings.DEMO = True
    assert client.post(f"/account/demo/{offered.pk + 1}/").status_code == 404


def test_a_click_proves_too_little_to_change_how_one_signs_in(
    client: Client, offered: DemoSignIn, settings: Settings
) -> None:
    settings.DEMO = True
    client.post(f"/account/demo/{offered.pk}/")
    assert client.get("/account/2fa/totp/activate/").status_code == 302


def test_offering_again_changes_the_words_of_the_same_button(offered: DemoSignIn, aya: Person) -> None:
    again = offer(aya, "森さん", "Aya", "demo")
    assert (again.pk, again.label_en, again.description_ja) == (offered.pk, "Aya", "demo")
