"""Design §6: fields whose rule is to ask keep both values until a person chooses."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.models import Deed, Transition
from kakehashi.bridge.sync.outcome_models import Conflict, JournalRow
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync_mapping.actions import store
from kakehashi.bridge.sync_mapping.drafts import PairDraft
from kakehashi.bridge.sync_settings.actions import change_settings
from kakehashi.bridge.sync_settings.chosen import Settings
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.records.actions import update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import MAKER

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]


@pytest.fixture
def joined(drain: Drain) -> Joined:
    """Contacts go both ways, and about phones a person is asked."""
    made = make_joined()
    change_settings(made.connection, "contacts", Settings(direction="both"), actor=made.administrator.actor)
    pairs = [PairDraft("Last_Name", "lastName"), PairDraft("Email", "email"), PairDraft("Phone", "phone", rule="ask")]
    store(SyncedModule.objects.get(connection=made.connection, module="contacts"), pairs)
    return made


def page(joined: Joined) -> str:
    return reverse("desk_integration_conflicts", args=[joined.org.pk])


def decide(client: Client, joined: Joined, **sent: object) -> int:
    return client.post(reverse("desk_integration_settlements", args=[joined.org.pk]), sent).status_code


def disagree(joined: Joined, drain: Drain, name: str = "相沢") -> tuple[Record, Contact]:
    record = make_record(joined.org, Last_Name=name, Phone="0258000000", Email=f"{name}@kiri.example")
    drain()
    contact = Contact.objects.get(portal=joined.portal, last_name=name)
    update_record(record, values={"Phone": "0258001111"}, actor=joined.administrator.actor)
    update_contact(contact, values={"phone": "0258002222"}, actor=MAKER)
    drain()
    return record, contact


def phones(record: Record, contact: Contact) -> tuple[str, str]:
    record.refresh_from_db()
    contact.refresh_from_db()
    return record.values["Phone"], contact.phone


def test_both_values_stand_side_by_side_with_who_and_a_suggestion(joined: Joined, client: Client, drain: Drain) -> None:
    disagree(joined, drain)
    [dispute] = client.get(page(joined)).context["disputes"]
    assert (dispute.crm.text, dispute.desk.text) == ("0258001111", "0258002222")
    assert dispute.crm.changed_by == joined.administrator.person.name
    assert (dispute.crm.is_newer, dispute.desk.is_newer) == (False, True)
    card = client.get(reverse("desk_integration", args=[joined.org.pk])).content.decode()
    assert page(joined) in card


@pytest.mark.parametrize(("side", "value"), [("crm", "0258001111"), ("desk", "0258002222")])
def test_the_chosen_value_holds_on_both_sides_and_the_other_is_kept(
    joined: Joined, client: Client, drain: Drain, side: str, value: str
) -> None:
    record, contact = disagree(joined, drain)
    assert decide(client, joined, one=f"{Conflict.objects.get().pk}:{side}") == 302
    assert client.get(page(joined)).context["disputes"] == []
    drain()
    assert phones(record, contact) == (value, value)
    assert not Conflict.objects.exists()
    assert JournalRow.objects.filter(kind="lost").exists()


def test_always_settles_what_else_waits_about_the_field(joined: Joined, client: Client, drain: Drain) -> None:
    first, second = disagree(joined, drain), disagree(joined, drain, "早川")
    conflict = Conflict.objects.order_by("pk")[0]
    assert decide(client, joined, one=f"{conflict.pk}:desk", always=[conflict.pk]) == 302
    drain()
    assert phones(*first) == phones(*second) == ("0258002222", "0258002222")
    assert FieldMapping.objects.get(desk="phone").rule == "desk_wins"
    assert Transition.objects.filter(deed=Deed.FIELDS_MAPPED).count() == 1


def test_always_writes_the_default_pairs_first_where_they_are_in_use(
    joined: Joined, client: Client, drain: Drain
) -> None:
    disagree(joined, drain)
    FieldMapping.objects.all().delete()
    conflict = Conflict.objects.get()
    decide(client, joined, one=f"{conflict.pk}:desk", always=[conflict.pk])
    assert FieldMapping.objects.get(desk="phone").rule == "desk_wins"
    assert FieldMapping.objects.get(desk="title").rule == "crm_wins"


def test_several_at_once_by_the_newer_one(joined: Joined, client: Client, drain: Drain) -> None:
    first, second = disagree(joined, drain), disagree(joined, drain, "早川")
    ids = list(Conflict.objects.values_list("pk", flat=True))
    assert decide(client, joined, all="newer", selected=ids) == 302
    drain()
    assert phones(*first) == phones(*second) == ("0258002222", "0258002222")
    assert decide(client, joined, all="newer") == 422
    assert decide(client, joined, all="mine", selected=ids) == 422


def test_a_conflict_of_another_connection_is_not_there(joined: Joined, client: Client, drain: Drain) -> None:
    disagree(joined, drain)
    conflict = Conflict.objects.get()
    elsewhere = make_joined()
    other = Client()
    other.force_login(elsewhere.administrator.person)
    decide(other, elsewhere, one=f"{conflict.pk}:crm")
    assert decide(other, elsewhere, one=f"{conflict.pk}:crm", always=[conflict.pk]) == 404
    conflict.refresh_from_db()
    assert conflict.choice == ""


def test_nothing_to_decide_says_why(joined: Joined, client: Client, drain: Drain) -> None:
    drain()
    assert "No field waits for a decision" in client.get(page(joined)).content.decode()


def test_values_made_equal_by_hand_are_no_conflict_any_more(joined: Joined, client: Client, drain: Drain) -> None:
    record, _contact = disagree(joined, drain)
    update_record(record, values={"Phone": "0258002222"}, actor=SYSTEM)
    drain()
    assert client.get(page(joined)).context["disputes"] == []
