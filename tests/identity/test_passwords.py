import re
from datetime import timedelta

from django.test import Client

from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD, Post, sign_in

NEW = "a quite different one"


def _link(text: str) -> str:
    found = re.search(r"http://testserver(\S+)", text)
    assert found
    return found[1]


def _ask_for_a_link(client: Client, address: str, post: Post) -> str:
    client.post("/account/password/reset/", {"email": address})
    (sent,) = post()
    assert sent.to == [address]
    return sent.body if isinstance(sent.body, str) else ""


def test_a_forgotten_password_is_set_anew_by_mail_once(client: Client, aya: Person, post: Post) -> None:
    link = _link(_ask_for_a_link(client, aya.email, post))
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]

    client.post(page, {"password1": NEW, "password2": NEW})

    sign_in(Client(), aya, NEW)
    assert "このリンクは無効です" in Client().get(link, follow=True).content.decode()
    assert post()[0].subject == "パスワードの変更"


def test_the_mail_is_written_in_the_readers_language_with_text_and_html(
    client: Client, aya: Person, ben: Person, post: Post
) -> None:
    client.post("/account/password/reset/", {"email": ben.email}, headers={"Accept-Language": "ja"})
    (sent,) = post()

    assert sent.subject == "Set a new password"
    assert isinstance(sent.body, str)
    assert sent.body.startswith("Hello Ben Hill,")
    html = str(sent.alternatives[0][0])
    assert _link(sent.body) in html
    assert '<html lang="en">' in html


def test_an_unknown_address_sees_the_same_page_and_is_told_by_mail(client: Client, aya: Person, post: Post) -> None:
    known = client.post("/account/password/reset/", {"email": aya.email})
    post()
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})

    assert known.headers["Location"] == unknown.headers["Location"]
    (sent,) = post()
    assert sent.to == ["nobody@example.com"]
    assert "登録されていません" in str(sent.body)


def test_only_five_links_an_hour_are_sent_to_an_address(client: Client, aya: Person) -> None:
    for _ in range(5):
        client.post("/account/password/reset/", {"email": aya.email})
    answer = client.post("/account/password/reset/", {"email": aya.email})

    assert Mail.objects.count() == 5
    assert answer.status_code == 429 or "しばらく" in answer.content.decode()


def test_changing_the_password_signs_other_devices_out_and_is_told_by_mail(
    client: Client, aya: Person, post: Post
) -> None:
    other = Client()
    sign_in(other, aya)
    sign_in(client, aya)
    post()

    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert client.get("/account/profile/").status_code == 200
    assert other.get("/account/profile/").status_code == 302
    assert [sent.subject for sent in post()] == ["パスワードの変更"]


def test_a_weak_password_is_refused_with_a_reason(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
    )
    assert "k-error" in answer.content.decode()
    aya.refresh_from_db()
    assert aya.check_password(PASSWORD)


def test_a_new_address_takes_the_old_ones_place_once_it_is_confirmed(client: Client, aya: Person, post: Post) -> None:
    sign_in(client, aya)
    client.post("/account/email/", {"email": "Aya@New.example", "action_add": ""})
    aya.refresh_from_db()
    assert aya.email == "aya.mori@example.com"
    sent = post()
    (link,) = [_link(str(mail.body)) for mail in sent if mail.to == ["aya@new.example"]]

    client.post(link)

    aya.refresh_from_db()
    assert aya.email == "aya@new.example"
    assert any(mail.to == ["aya.mori@example.com"] for mail in post())
    sign_in(Client(), aya)


def test_the_reset_link_lasts_a_day(settings: object) -> None:
    from django.conf import settings as product

    assert timedelta(days=1).total_seconds() == product.PASSWORD_RESET_TIMEOUT
