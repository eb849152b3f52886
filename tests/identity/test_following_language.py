"""Who never chose a language follows that of their company; who chose one keeps it."""

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.crm.orgs.actions import update_org
from kakehashi.desk.portals.actions import update_portal
from kakehashi.identity.people.models import Person
from kakehashi.identity.preferences.actions import change_profile, set_language, set_theme
from tests.makers.crm import make_administrator, make_member, make_org
from tests.makers.desk import MAKER, make_portal, make_seat

pytestmark = pytest.mark.django_db


def _language_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).language


def test_members_follow_their_org_unless_they_chose() -> None:
    org, other = make_org(language="en"), make_org(language="en")
    silent, chose, elsewhere = make_member(org, language="en"), make_member(org, language="en"), make_member(other)
    set_language(chose.person, "en")
    set_theme(silent.person, "dark")
    before = _language_of(elsewhere.person)
    update_org(org, values={"language": "ja"}, actor=make_administrator(org).actor)
    assert [_language_of(one.person) for one in (silent, chose, elsewhere)] == ["ja", "en", before]
    update_org(org, values={"name": "Same language"}, actor=make_administrator(org).actor)
    assert _language_of(chose.person) == "en"


def test_agents_follow_their_portal() -> None:
    portal = make_portal(language="en")
    silent, chose = make_seat(portal), make_seat(portal)
    change_profile(chose.person, values={"language": "ja"})
    change_profile(chose.person, values={"language": "en"})
    update_portal(portal, name=portal.name, language="ja", actor=MAKER)
    assert [_language_of(one.person) for one in (silent, chose)] == ["ja", "en"]


def test_saving_other_preferences_is_no_choice_of_a_language(client: Client) -> None:
    portal = make_portal(language="en")
    agent = make_seat(portal)
    client.force_login(agent.person)
    sent = {"language": "en", "time_zone": "Asia/Tokyo", "theme": "dark"}
    assert client.post(reverse("preferences"), sent).status_code == 302
    update_portal(portal, name=portal.name, language="ja", actor=MAKER)
    assert _language_of(agent.person) == "ja"
