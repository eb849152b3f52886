"""The right to hear of changes ends with the session, the seat, the membership."""

from datetime import timedelta

import pytest
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.hearing.actions import end_hearing
from kakehashi.core.hearing.jobs import forget_ended_hearings
from kakehashi.core.hearing.keys import person_hearing, session_hearing
from kakehashi.core.hearing.models import EndedHearing
from kakehashi.crm.members.actions import deactivate_member, reactivate_member
from kakehashi.ui.live import hearing_in
from tests.makers.crm import make_administrator, make_member, make_org

pytestmark = pytest.mark.django_db


def ended() -> list[str]:
    return list(EndedHearing.objects.order_by("pk").values_list("key", flat=True))


def test_a_page_says_whose_it_is_and_signing_out_ends_it(client: Client) -> None:
    access = make_administrator(make_org())
    client.force_login(access.person)
    page = client.get(f"/crm/{access.org.pk}/Contacts/")
    key = session_hearing(client.session.session_key or "")
    hearing = hearing_in(page.context["live_token"])
    assert set(hearing.keys) == {person_hearing(access.org.tenant, access.person.pk), key}
    client.logout()
    assert key in ended()


def test_losing_the_membership_ends_it_and_only_there() -> None:
    org = make_org()
    access = make_administrator(org)
    colleague = make_member(org)
    deactivate_member(colleague.membership, actor=access.actor)
    assert ended() == [person_hearing(org.tenant, colleague.person.pk)]
    reactivate_member(colleague.membership, actor=access.actor)
    deactivate_member(colleague.membership, actor=SYSTEM)
    assert len(ended()) == 2


def test_ends_are_forgotten_when_no_token_is_as_old() -> None:
    end_hearing("session:x")
    forget_ended_hearings(timestamp=0)
    assert ended() == ["session:x"]
    with clock.frozen_at(clock.now() + timedelta(days=1, minutes=1)):
        forget_ended_hearings(timestamp=0)
    assert ended() == []
