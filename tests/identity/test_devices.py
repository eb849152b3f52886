import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import translation

from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.devices import device_name, is_handheld, network_name

from .conftest import sign_in

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Mobile Safari/604.1"
PIXEL = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        (PIXEL, "Chrome on Android"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_a_device_is_named_after_browser_and_system(user_agent: str, name: str) -> None:
    with translation.override("en"):
        assert device_name(user_agent) == name


def test_phones_and_tablets_are_told_from_computers() -> None:
    assert is_handheld(IPHONE)
    assert not is_handheld(EDGE)


def test_a_network_is_named_without_asking_anybody() -> None:
    with translation.override("en"):
        names = [network_name(ip) for ip in ("127.0.0.1", "192.168.0.7", "fe80::1", "203.0.114.9")]
    assert names == ["This computer", "Local network", "Local network", "Internet"]


def test_the_list_shows_every_device_and_marks_this_one(client: Client, aya: Person) -> None:
    sign_in(Client(headers={"User-Agent": IPHONE}), aya)
    sign_in(client, aya)

    text = client.get("/account/sessions/").content.decode()

    assert "Safari（iPhone）" in text
    assert text.count("この端末</span>") == 1


def test_one_device_can_be_signed_out(client: Client, aya: Person) -> None:
    phone = Client(headers={"User-Agent": IPHONE})
    sign_in(phone, aya)
    sign_in(client, aya)
    session = UserSession.objects.get(user_agent=IPHONE)

    client.post(f"/account/sessions/{session.pk}/end/")

    assert phone.get("/account/profile/").status_code == 302
    assert client.get("/account/profile/").status_code == 200


def test_nobody_can_sign_out_somebody_elses_device(client: Client, aya: Person, ben: Person) -> None:
    phone = Client()
    sign_in(phone, ben)
    sign_in(client, aya)

    answer = client.post(f"/account/sessions/{UserSession.objects.get(user=ben).pk}/end/")

    assert answer.status_code == 404
    assert phone.get("/account/profile/").status_code == 200


def test_all_others_can_be_signed_out_at_once(client: Client, aya: Person) -> None:
    others = [Client(), Client()]
    for other in others:
        sign_in(other, aya)
    sign_in(client, aya)

    client.post("/account/sessions/")

    assert [other.get("/account/profile/").status_code for other in others] == [302, 302]
    assert client.get("/account/profile/").status_code == 200


def test_a_visit_is_noted_without_writing_at_every_page(
    client: Client, aya: Person, django_assert_max_num_queries: object
) -> None:
    sign_in(client, aya)
    client.get("/account/profile/")
    with django_assert_max_num_queries(2):  # type: ignore[operator]  # the session and the person
        client.get("/account/profile/")
