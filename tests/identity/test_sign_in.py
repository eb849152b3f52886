import pytest
from django.test import Client

from kakehashi.identity.people.actions import deactivate_person, reactivate_person
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD, Post, sign_in

WRONG = "メールアドレスまたはパスワードが正しくありません。"


def test_a_person_signs_in_with_e_mail_and_password_and_out_again(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    assert client.get("/account/profile/").status_code == 200

    client.post("/account/logout/")
    assert client.get("/account/profile/").status_code == 302


def test_the_address_may_be_typed_in_capitals(client: Client, aya: Person) -> None:
    answer = client.post("/account/login/", {"login": "Aya.Mori@Example.com", "password": PASSWORD})
    assert answer.status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, aya: Person) -> None:
    for address in (aya.email, "nobody@example.com"):
        answer = client.post("/account/login/", {"login": address, "password": "wrong password"})
        assert WRONG in answer.content.decode()


def test_after_five_wrong_passwords_an_address_must_wait_but_others_need_not(
    client: Client, aya: Person, ben: Person
) -> None:
    for _ in range(5):
        client.post("/account/login/", {"login": aya.email, "password": "wrong password"})

    answer = client.post("/account/login/", {"login": aya.email, "password": PASSWORD})

    assert "一時的に停止しています" in answer.content.decode()
    sign_in(Client(), ben)


def test_one_computer_cannot_try_many_addresses(client: Client) -> None:
    Person.objects.create_user("somebody@example.com")
    answers = [
        client.post("/account/login/", {"login": f"guess{number}@example.com", "password": "wrong password"})
        for number in range(21)
    ]
    assert WRONG in answers[19].content.decode()
    assert "一時的に停止しています" in answers[20].content.decode()


def test_a_deactivated_person_is_out_at_once_and_cannot_come_back(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    deactivate_person(aya)

    assert client.get("/account/profile/").status_code == 302
    answer = client.post("/account/login/", {"login": aya.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/inactive/"

    reactivate_person(aya)
    sign_in(client, aya)


def test_nobody_signs_up_by_themselves(client: Client, aya: Person) -> None:
    answer = client.post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD})

    assert "招待が必要です" in answer.content.decode()
    assert not Person.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", r"/\evil.example"])
def test_a_sign_in_leads_only_to_pages_of_ours(client: Client, aya: Person, url: str) -> None:
    answer = client.post("/account/login/", {"login": aya.email, "password": PASSWORD, "next": url})
    assert answer.headers["Location"] == "/"


def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(client: Client, aya: Person) -> None:
    asked = client.get("/account/preferences/").headers["Location"]
    assert asked == "/account/login/?next=/account/preferences/"
    answer = client.post("/account/login/", {"login": aya.email, "password": PASSWORD, "next": "/account/preferences/"})
    assert answer.headers["Location"] == "/account/preferences/"


def test_a_sign_in_from_a_new_browser_is_told_by_mail_but_the_first_and_the_known_are_not(
    client: Client, aya: Person, post: Post
) -> None:
    sign_in(client, aya)
    client.post("/account/logout/")
    sign_in(client, aya)
    assert post() == []

    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Version/17 Safari/604", "Accept-Language": "en"}
    sign_in(Client(headers=phone), aya)

    (notice,) = post()
    assert notice.subject == "新しい端末からのサインイン"
    assert "Safari（iPhone）" in notice.body


def test_right_after_a_sign_in_nothing_is_asked_again_but_later_it_is(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    assert client.get("/account/2fa/webauthn/add/").status_code == 200

    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**record, "at": record["at"] - 400} for record in records]
    session.save()
    assert client.get("/account/2fa/webauthn/add/").headers["Location"].startswith("/account/reauthenticate/")
