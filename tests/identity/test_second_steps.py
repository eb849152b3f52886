import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from kakehashi.identity.people.models import Person

from .conftest import Post, sign_in


def _code(secret: str, later_steps: int = 0) -> str:
    counter = int(time.time()) // 30 + later_steps
    return f"{totp.hotp_value(secret, counter):06d}"


def _enrol(client: Client) -> str:
    page = client.get("/account/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    return secret


def test_an_authenticator_app_is_set_up_and_then_asked_for(
    client: Client,
    aya: Person,
    post: Post,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    sign_in(client, aya)
    with django_capture_on_commit_callbacks(execute=True):
        secret = _enrol(client)
    assert "認証アプリの有効化" in [sent.subject for sent in post()]

    other = Client()
    sign_in(other, aya)
    assert other.get("/account/profile/").status_code == 302

    answer = other.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "コードが正しくありません" in answer.content.decode()
    assert "mfa_webauthn_authenticate" not in answer.content.decode(), "there is no passkey to use"

    other.post("/account/2fa/authenticate/", {"code": _code(secret, later_steps=1)})
    assert other.get("/account/profile/").status_code == 200


def test_a_recovery_code_lets_in_once(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    _enrol(client)
    page = client.get("/account/2fa/recovery-codes/")
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()

    other = Client()
    sign_in(other, aya)
    other.post("/account/2fa/authenticate/", {"code": code})
    assert other.get("/account/profile/").status_code == 200

    third = Client()
    sign_in(third, aya)
    third.post("/account/2fa/authenticate/", {"code": code})
    assert third.get("/account/profile/").status_code == 302


def test_the_app_can_be_switched_off_again(client: Client, aya: Person) -> None:
    sign_in(client, aya)
    _enrol(client)
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200

    client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=aya, type=Authenticator.Type.TOTP).exists()


def test_a_person_with_a_second_step_can_still_change_their_address(client: Client, aya: Person, post: Post) -> None:
    sign_in(client, aya)
    _enrol(client)
    post()

    client.post("/account/email/", {"email": "aya@new.example", "action_add": ""})

    assert [sent.to for sent in post()] == [["aya@new.example"]]


@pytest.mark.parametrize(
    "address",
    [
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
        "/account/email/",
        "/account/password/change/",
        "/account/sessions/",
        "/account/3rdparty/",
        "/account/profile/",
        "/account/preferences/",
    ],
)
def test_every_account_page_opens_in_both_languages(client: Client, aya: Person, ben: Person, address: str) -> None:
    for person in (aya, ben):
        visitor = Client()
        sign_in(visitor, person)
        answer = visitor.get(address, follow=True)
        assert answer.status_code == 200
        assert f'lang="{person.language}"' in answer.content.decode()
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
