"""A record's page hears of its tickets while the two products are connected, and of nobody else's."""

import pytest
from django.test import Client

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.ui.live import hearing_in
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db


def heard_on_a_contact(joined: Joined) -> tuple[str, ...]:
    client = Client()
    client.force_login(joined.administrator.person)
    record = make_record(joined.org, "Contacts")
    page = client.get(f"/crm/{joined.org.pk}/Contacts/{record.pk}/")
    return hearing_in(page.context["live_token"]).tenants


def test_a_record_page_hears_the_org_and_its_portal() -> None:
    joined = make_joined()
    assert set(heard_on_a_contact(joined)) == {joined.org.tenant, joined.portal.tenant}


def test_after_the_connection_has_ended_it_hears_the_org_alone() -> None:
    joined = make_joined()
    Connection.objects.update(state=State.DISABLED)
    assert heard_on_a_contact(joined) == (joined.org.tenant,)
