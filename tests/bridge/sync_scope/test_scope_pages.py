"""The page on which an administrator says which records are synced: built like any filter, counted while it is built, written down."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.models import Deed, Transition
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.core.events.models import Event
from kakehashi.core.filters.definition import Condition
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_member, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.spec("Y1", "Y2")]


@pytest.fixture
def joined() -> Joined:
    made = make_joined(modules=["contacts"])
    make_record(made.org, Last_Name="相沢", Phone="0258-00-1147")
    make_record(made.org, Last_Name="加瀬")
    return made


def address(
    joined: Joined, name: str = "desk_integration_scope", *, module: str = "contacts", side: str = "crm"
) -> str:
    return reverse(name, args=[joined.org.pk, module, side])


def sent(field: str, operator: str, *values: str) -> dict[str, Any]:
    """One condition, as the page sends it."""
    return {
        "group": "g", "join": "and", "join-g": "and", "row": "g:r", "field-r": field, "operator-r": operator,
        "value-r": list(values),
    }  # fmt: skip


def scope(joined: Joined) -> list[Condition]:
    return list(SyncedModule.objects.get(connection=joined.connection).scope("crm"))


def test_how_many_fit_is_told_while_one_builds(joined: Joined, client: Client) -> None:
    assert "<strong>2</strong> of 2 records" in client.get(address(joined)).content.decode()
    counted = client.post(address(joined, "desk_integration_scope_count"), sent("Phone", "filled"))
    assert "<strong>1</strong> of 2 records" in counted.content.decode()
    assert scope(joined) == []


def test_what_is_saved_is_looked_at_anew_and_written_down(joined: Joined, client: Client) -> None:
    first = Run.objects.get(connection=joined.connection)
    assert client.post(address(joined), sent("Phone", "filled")).status_code == 302
    assert scope(joined) == [Condition("Phone", "filled")]
    first.refresh_from_db()
    assert first.finished_at is not None
    assert Run.objects.filter(connection=joined.connection, finished_at=None).count() == 1
    told = Event.objects.get(topic="bridge.connection.sync_changed", tenant=joined.org.tenant).data
    assert told["changes"] == {"crm_scope": ["All records", "Those that fit 1 condition"]}
    settings = client.get(reverse("desk_integration_modules", args=[joined.org.pk])).content.decode()
    assert "Those that fit 1 condition" in settings
    client.post(address(joined), sent("Phone", "filled"))
    assert Transition.objects.filter(deed=Deed.SYNC_CHANGED).count() == 1, "nothing changed"


def test_what_cannot_be_asked_is_refused_beside_its_row_and_stays_there(joined: Joined, client: Client) -> None:
    refused = client.post(address(joined), sent("Phone", "contains", ""))
    assert refused.status_code == 422
    assert "Please fill this in." in refused.content.decode()
    assert scope(joined) == []


def test_nobody_is_me(joined: Joined, client: Client) -> None:
    """The sync is no person: an owner is chosen from those who work here."""
    owner = client.get(address(joined, "desk_integration_scope_row"), {"row": "g:r", "field-r": "Owner"})
    assert joined.administrator.person.name in owner.content.decode()
    assert 'value="me"' not in owner.content.decode()
    person = str(joined.administrator.person.pk)
    counted = client.post(address(joined, "desk_integration_scope_count"), sent("Owner", "any_of", person))
    assert "<strong>0</strong> of 2 records" in counted.content.decode()


def test_the_contacts_of_some_accounts(joined: Joined, client: Client) -> None:
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品")
    make_record(joined.org, Last_Name="早川", Account_Name=account.pk)
    place = address(joined, "desk_integration_scope_count")
    assert (
        "<strong>1</strong> of 3 records"
        in client.post(place, sent("Account_Name", "any_of", str(account.pk))).content.decode()
    )
    client.post(address(joined), sent("Account_Name", "any_of", str(account.pk)))
    assert "月見坂食品" in client.get(address(joined)).content.decode()


@pytest.mark.parametrize("side", ["crm", "desk"])
@pytest.mark.parametrize("module", ["accounts", "contacts", "products"])
def test_every_field_that_is_offered_can_be_asked(side: str, module: str) -> None:
    joined = make_joined(modules=["accounts", "contacts", "products"])
    client = Client()
    client.force_login(joined.administrator.person)
    place = address(joined, module=module, side=side)
    page = client.get(place)
    subjects = [subject for _label, some in page.context["sections"] for subject in some]
    assert len(subjects) > 3
    for subject in subjects:
        operator = "yes" if subject.family.value == "yes_no" else "filled"
        counted = client.post(
            address(joined, "desk_integration_scope_count", module=module, side=side), sent(subject.name, operator)
        )
        assert counted.status_code == 200, subject.name
        assert client.post(place, sent(subject.name, operator)).status_code == 302, subject.name


def test_who_is_no_administrator_and_what_is_no_side(joined: Joined, client: Client) -> None:
    assert client.get(address(joined, side="left")).status_code == 404
    assert client.get(address(joined, module="accounts")).status_code == 404, "not synced"
    member = Client()
    member.force_login(make_member(joined.org).person)
    assert member.get(address(joined)).status_code == 403
