import pytest
from django.test import Client

from kakehashi.identity.people.models import Person

from .conftest import sign_in


def test_a_stranger_switches_the_language_for_this_browser(client: Client, aya: Person) -> None:
    answer = client.post("/account/preferences/language", {"language": "en", "next": "/account/login/"})

    assert answer.headers["Location"] == "/account/login/"
    assert "Sign in to Kakehashi" in client.get("/account/login/").content.decode()


def test_a_persons_language_is_kept_with_the_person(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    client.post("/account/preferences/language", {"language": "en"})

    assert "<h1>Profile</h1>" in client.get("/account/profile/").content.decode()
    aya.refresh_from_db()
    assert aya.language == "en"


def test_the_theme_shows_at_once_for_persons_and_strangers(client: Client, aya: Person) -> None:
    client.post("/account/preferences/theme", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/account/login/").content.decode()

    sign_in(client, aya)
    client.post("/account/preferences/theme", {"theme": "light"})
    assert 'data-bs-theme="light"' in client.get("/account/profile/").content.decode()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", r"\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client: Client, aya: Person, url: str) -> None:
    answer = client.post("/account/preferences/language", {"language": "en", "next": url}, headers={"Referer": url})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("page", "field"), [("language", "language"), ("theme", "theme")])
def test_an_unknown_choice_is_refused(client: Client, aya: Person, page: str, field: str) -> None:
    assert client.post(f"/account/preferences/{page}", {field: "klingon"}).status_code == 422


def test_names_stand_in_the_order_of_the_language(client: Client, aya: Person, ben: Person) -> None:
    orders = []
    for person in (aya, ben):
        visitor = Client()
        sign_in(visitor, person)
        text = visitor.get("/account/profile/").content.decode()
        orders.append(text.index('name="family_name"') < text.index('name="given_name"'))
    assert orders == [True, False]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_name_is_said_in_the_order_of_its_letters_whatever_the_page_speaks(language: str) -> None:
    written, spelled = (
        Person(family_name="森本", given_name="葵", language=language),
        Person(family_name="Hart", given_name="Emma", language=language),
    )
    assert (written.name, spelled.name) == ("森本 葵", "Emma Hart")


def test_the_profile_keeps_a_name(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    client.post("/account/profile/", {"family_name": "森本", "given_name": "彩"})
    aya.refresh_from_db()
    assert aya.name == "森本 彩"


def test_all_preferences_are_kept_and_speak_the_new_language_at_once(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    answer = client.post(
        "/account/preferences/", {"language": "en", "time_zone": "Europe/London", "theme": "dark"}, follow=True
    )

    assert "Saved." in answer.content.decode()
    aya.refresh_from_db()
    assert (aya.language, aya.time_zone, aya.theme, aya.uses_shortcuts) == ("en", "Europe/London", "dark", False)


def test_an_unknown_time_zone_is_refused_beside_its_field(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    answer = client.post("/account/preferences/", {"language": "ja", "time_zone": "Mars/Base", "theme": "dark"})
    assert answer.status_code == 422
    assert "k-error" in answer.content.decode()


def test_the_switch_for_single_keys_is_kept_with_the_person(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    assert client.post("/account/preferences/shortcuts").status_code == 204
    assert 'data-shortcuts="off"' in client.get("/account/profile/").content.decode()

    client.post("/account/preferences/shortcuts", {"on": "on"})
    assert 'data-shortcuts="off"' not in client.get("/account/profile/").content.decode()
