import re
from datetime import timedelta

import pytest
from django.test import Client

from kakehashi.core import clock
from kakehashi.identity.invitations.actions import send_invitation
from kakehashi.identity.invitations.links import LinkIsVoid, invitation_link, read_link
from kakehashi.identity.people.actions import deactivate_person, invite_person
from kakehashi.identity.people.models import Person

from .conftest import PASSWORD, Post, sign_in

TYPED = {"family_name": "Grey", "given_name": "Cora", "password": PASSWORD}


@pytest.fixture
def cora() -> Person:
    person, is_new = invite_person("Cora@Example.com ", language="en")
    assert is_new
    return person


def _path(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


@pytest.mark.spec("P1")
def test_an_invited_person_sets_a_password_by_the_mails_link_and_is_in(
    client: Client, cora: Person, post: Post
) -> None:
    send_invitation(cora, inviter_name="森 彩", place_name="Minamo Desk", next_url="/account/profile/")
    (sent,) = post()
    assert sent.subject == "森 彩 invites you to Minamo Desk"
    link = re.search(r"http://\S+", str(sent.body))
    assert link
    assert client.get(_path(link[0])).status_code == 200

    answer = client.post(_path(link[0]), TYPED)

    assert answer.headers["Location"] == "/account/profile/"
    cora.refresh_from_db()
    assert cora.name == "Cora Grey"
    assert cora.emailaddress_set.get().verified
    sign_in(Client(), cora)


@pytest.mark.spec("P1")
def test_a_link_works_once(client: Client, cora: Person) -> None:
    link = _path(invitation_link(cora))
    client.post(link, TYPED)

    answer = Client().post(link, TYPED | {"password": "stolen passwords"})

    assert answer.status_code == 410
    cora.refresh_from_db()
    assert cora.check_password(PASSWORD)


@pytest.mark.spec("P1")
def test_a_link_expires_after_seven_days(cora: Person) -> None:
    token = invitation_link(cora).rstrip("/").rpartition("/")[2]
    with clock.frozen_at(clock.now() + timedelta(days=6, hours=23)):
        assert read_link(token).person == cora
    with clock.frozen_at(clock.now() + timedelta(days=7, minutes=1)), pytest.raises(LinkIsVoid):
        read_link(token)


def test_a_link_that_was_changed_is_void(client: Client, cora: Person) -> None:
    link = _path(invitation_link(cora))
    assert client.get(link[:-4] + "abc/").status_code == 410


def test_a_deactivated_persons_link_is_void(client: Client, cora: Person) -> None:
    link = _path(invitation_link(cora))
    deactivate_person(cora)
    assert client.get(link).status_code == 410


def test_a_person_who_has_a_password_is_led_to_the_sign_in(client: Client, aya: Person) -> None:
    person, is_new = invite_person(aya.email.upper())
    assert (person, is_new) == (aya, False)

    answer = client.get(_path(invitation_link(aya, next_url="/desk/3/")))

    assert answer.headers["Location"] == "/account/login/?next=%2Fdesk%2F3%2F"


def test_an_invited_person_cannot_sign_in_before(client: Client, cora: Person) -> None:
    answer = client.post("/account/login/", {"login": cora.email, "password": ""})
    assert answer.status_code == 200


def test_a_weak_first_password_is_refused_beside_its_field(client: Client, cora: Person) -> None:
    answer = client.post(_path(invitation_link(cora)), TYPED | {"password": "cora@example"})
    assert answer.status_code == 422
    assert "k-error" in answer.content.decode()


def test_a_link_never_leads_to_another_site(client: Client, cora: Person) -> None:
    answer = client.post(_path(invitation_link(cora, next_url="https://evil.example/")), TYPED)
    assert answer.headers["Location"] == "/"
