"""ZSC keys: shown once, kept as a digest, expiring, revocable, and not to be guessed (spec S4)."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.errors import NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.desk.developer.actions import (
    MOST_OF_EMAIL,
    MOST_OF_SOURCE,
    KeyExpired,
    KeyRefused,
    KeyRevoked,
    TriedTooOften,
    make_key,
    revoke_key,
    use_key,
)
from kakehashi.desk.developer.keys import digest_of, new_key
from kakehashi.desk.developer.models import ConnectionKey, KeyAttempt
from kakehashi.desk.developer.queries import attempts_at
from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.actions import deactivate_agent
from kakehashi.desk.portals.models import Portal
from kakehashi.identity.mails.models import Mail
from tests.makers.desk import make_administrator, make_portal, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(portal: Portal) -> DeskAccess:
    return make_administrator(portal, given_name="結")


def made(portal: Portal, boss: DeskAccess, days: int = 7) -> tuple[ConnectionKey, str]:
    return make_key(portal, days=days, actor=boss.actor)


def tried(email: str, key: str, source: str = "org:1") -> Portal:
    return use_key(email=email, key=key, source=source, who="高瀬 悠", place="みなも計測")


def test_the_right_pair_opens_the_portal_however_it_is_typed(portal: Portal, boss: DeskAccess) -> None:
    key, text = made(portal, boss)
    assert tried(f" {boss.person.email.upper()} ", text.lower().replace("-", " ")) == portal
    key.refresh_from_db()
    assert key.last_used_at
    assert "みなも計測" in key.last_used_by
    assert text not in str(ConnectionKey.objects.values().get()), "only its digest is kept"
    assert key.digest == digest_of(text)


def test_two_keys_are_never_alike() -> None:
    assert len({new_key() for _ in range(500)}) == 500


def test_a_wrong_half_is_not_told_from_the_other(portal: Portal, boss: DeskAccess) -> None:
    _key, text = made(portal, boss)
    other = make_administrator(make_portal(name="Elsewhere"))
    agent = make_seat(portal)
    pairs = [(boss.person.email, new_key()), (other.person.email, text), ("nobody@example.com", text)]
    pairs.append((agent.person.email, text))  # a colleague, but no administrator
    said = set()
    for number, (email, key) in enumerate(pairs):
        with pytest.raises(KeyRefused) as refused:
            tried(email, key, source=f"org:{number}")
        said.add((refused.type, str(refused.value)))
    assert len(said) == 1


def test_an_administrator_who_left_opens_nothing(portal: Portal, boss: DeskAccess) -> None:
    _key, text = made(portal, boss)
    deactivate_agent(boss.agent, actor=boss.actor)
    with pytest.raises(KeyRefused):
        tried(boss.person.email, text)


def test_an_expired_and_a_revoked_key_say_so(portal: Portal, boss: DeskAccess) -> None:
    key, text = made(portal, boss, days=1)
    with clock.frozen_at(clock.now() + timedelta(days=1)), pytest.raises(KeyExpired):
        tried(boss.person.email, text)
    revoke_key(key, actor=boss.actor)
    with pytest.raises(KeyRevoked):
        tried(boss.person.email, text)


def test_guessing_is_stopped_per_organisation_and_the_administrators_are_told_once(
    portal: Portal, boss: DeskAccess
) -> None:
    _key, text = made(portal, boss)
    for _ in range(MOST_OF_SOURCE):
        with pytest.raises(KeyRefused):
            tried(boss.person.email, new_key())
    for _ in range(3):
        with pytest.raises(TriedTooOften):
            tried(boss.person.email, text)
    assert tried(boss.person.email, text, source="org:2") == portal, "who does not guess is not locked out"
    assert Mail.objects.filter(recipient=boss.person.email).count() == 1
    with clock.frozen_at(clock.now() + timedelta(minutes=16)):
        assert tried(boss.person.email, text) == portal


def test_guessing_from_many_organisations_is_stopped_per_address(portal: Portal, boss: DeskAccess) -> None:
    _key, text = made(portal, boss)
    for number in range(MOST_OF_EMAIL):
        with pytest.raises(KeyRefused):
            tried(boss.person.email, new_key(), source=f"org:{number + 10}")
    with pytest.raises(TriedTooOften):
        tried(boss.person.email, text, source="org:99")


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_counted_one_by_one(portal: Portal) -> None:
    boss = make_administrator(portal)
    refusals: list[type] = []

    def guess() -> None:
        try:
            tried(boss.person.email, new_key())
        except KeyRefused as refused:
            refusals.append(type(refused))
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals.count(KeyRefused) == MOST_OF_SOURCE
    assert refusals.count(TriedTooOften) == 12 - MOST_OF_SOURCE


def test_only_administrators_make_and_revoke_keys(portal: Portal, boss: DeskAccess) -> None:
    agent = make_seat(portal)
    with pytest.raises(NotAllowed):
        make_key(portal, days=7, actor=agent.actor)
    key, _text = made(portal, boss)
    with pytest.raises(NotAllowed):
        revoke_key(key, actor=agent.actor)
    assert list(Event.objects.filter(topic__startswith="desk.connection_key").values_list("topic", flat=True)) == [
        "desk.connection_key.created"
    ]


def test_the_page_shows_a_key_once_and_every_attempt(client: Client, portal: Portal, boss: DeskAccess) -> None:
    client.force_login(boss.person)
    address = f"/desk/{portal.pk}/settings/keys/"
    text = client.post(address, {"days": "7"}).context["text"]
    later = client.get(address).content.decode()
    assert text not in later
    assert text[-5:] in later
    with pytest.raises(KeyRefused):
        tried(boss.person.email, new_key())
    assert "みなも計測" in client.get(address).content.decode()
    key = ConnectionKey.objects.get()
    client.post(f"{address}{key.pk}/revocation/")
    with pytest.raises(KeyRevoked):
        tried(boss.person.email, text)
    assert client.post(address, {"days": "900"}).status_code == 422


def test_attempts_elsewhere_are_not_shown(client: Client, portal: Portal, boss: DeskAccess) -> None:
    other = make_portal(name="Elsewhere")
    _key, text = make_key(other, days=7, actor=make_administrator(other).actor)
    with pytest.raises(KeyRefused):
        tried("nobody@example.com", text)
    client.force_login(boss.person)
    assert "みなも計測" not in client.get(f"/desk/{portal.pk}/settings/keys/").content.decode()
    assert KeyAttempt.objects.count() == 1


def test_a_key_tried_under_many_addresses_is_shown_and_told_where_it_belongs(portal: Portal, boss: DeskAccess) -> None:
    _key, text = made(portal, boss)
    for number in range(MOST_OF_SOURCE):
        with pytest.raises(KeyRefused):
            tried(f"guess-{number}@example.com", text)
    assert attempts_at(portal)[0].email == f"guess-{MOST_OF_SOURCE - 1}@example.com"
    assert Mail.objects.filter(recipient=boss.person.email).count() == 1
    assert ConnectionKey.objects.get().last_used_at is None
