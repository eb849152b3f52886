"""Spec Y3, Y6: field pairs are chosen on a page, judged before they are saved, and carried out afterwards."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kakehashi.bridge.connection.models import Deed, Transition
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
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

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y3")]
Drain = Callable[[], int]


@pytest.fixture
def joined(drain: Drain) -> Joined:
    made = make_joined()
    make_record(
        made.org, Last_Name="相沢", Email="misaki@tsukimizaka.example", Department="品質保証", Phone="0258001147"
    )
    drain()
    return made


def both_ways(joined: Joined) -> None:
    change_settings(joined.connection, "contacts", Settings(direction="both"), actor=joined.administrator.actor)


def address(joined: Joined, name: str = "desk_integration_fields", module: str = "contacts") -> str:
    return reverse(name, args=[joined.org.pk, module])


def form_of(client: Client, joined: Joined, module: str = "contacts") -> dict[str, object]:
    """The form as the page gives it."""
    context = client.get(address(joined, module=module)).context
    sent: dict[str, object] = {"based_on": context["based_on"]}
    for shown in context["lines"]:
        draft, place = shown.line.draft, shown.line.place
        sent |= {f"crm-{place}": draft.crm, f"desk-{place}": draft.desk}
        sent |= {f"direction-{place}": draft.direction, f"rule-{place}": draft.rule}
    return sent


def with_pair(sent: dict[str, object], crm: str, desk: str, **more: object) -> dict[str, object]:
    place = 100
    return {
        **sent,
        f"crm-{place}": crm,
        f"desk-{place}": desk,
        **{f"{name}-{place}": one for name, one in more.items()},
    }


def place_of(sent: dict[str, object], crm: str) -> str:
    return next(key.removeprefix("crm-") for key, value in sent.items() if key.startswith("crm-") and value == crm)


def without_pair(sent: dict[str, object], crm: str) -> dict[str, object]:
    place = place_of(sent, crm)
    return {key: value for key, value in sent.items() if key.rpartition("-")[2] != place}


@pytest.mark.spec("Y6")
def test_the_page_shows_the_default_pairs_with_types_and_samples(joined: Joined, client: Client) -> None:
    page = client.get(address(joined))
    names = [(one.crm.name, one.desk.name) for one in page.context["lines"]]
    assert ("Email", "email") in names
    assert ("Account_Name", "accountId") in names
    assert ("Secondary_Email", "secondaryEmail") not in names
    assert page.context["locked"][0].name == "Secondary_Email"
    last_name = next(one for one in page.context["lines"] if one.crm.name == "Last_Name")
    assert (last_name.crm.samples, last_name.desk.samples) == ("相沢", "相沢")
    assert last_name.crm.is_required
    assert "Always mapped to each other" in page.content.decode()
    assert not FieldMapping.objects.exists()


def test_a_new_pair_is_saved_and_carried_out_for_records_that_are_there(
    joined: Joined, client: Client, drain: Drain
) -> None:
    sent = with_pair(without_pair(form_of(client, joined), "Title"), "Department", "title")
    assert client.post(address(joined), sent).status_code == 302
    drain()
    assert Contact.objects.get(portal=joined.portal).title == "品質保証"
    rows = FieldMapping.objects.filter(synced__module="contacts")
    assert rows.get(desk="title").crm == "Department"
    assert not rows.filter(crm="Title").exists()
    assert not rows.filter(desk="secondaryEmail").exists(), "it is mapped by itself"
    assert Transition.objects.get(deed=Deed.FIELDS_MAPPED).by_name == joined.administrator.person.name


def test_a_remapped_field_never_empties_what_the_desk_has(joined: Joined, client: Client, drain: Drain) -> None:
    """The old pair's base is forgotten: an empty CRM field is no edit of the other one."""
    both_ways(joined)
    drain()
    sent = with_pair(without_pair(form_of(client, joined), "Phone"), "Fax", "phone")
    assert client.post(address(joined), sent).status_code == 302
    drain()
    assert Contact.objects.get(portal=joined.portal).phone == "0258001147"
    assert Record.objects.get(org=joined.org, module__api_name="Contacts").values["Fax"] == "0258001147"


def test_saving_what_was_there_changes_nothing(joined: Joined, client: Client) -> None:
    assert client.post(address(joined), form_of(client, joined)).status_code == 302
    assert not FieldMapping.objects.exists()
    assert not Transition.objects.filter(deed=Deed.FIELDS_MAPPED).exists()


def test_back_to_the_default_pairs(joined: Joined, client: Client) -> None:
    client.post(address(joined), without_pair(form_of(client, joined), "Title"))
    assert FieldMapping.objects.exists()
    draft = client.post(address(joined, "desk_integration_fields_draft"), {"defaults": "1"})
    assert FieldMapping.objects.exists(), "nothing is saved by looking"
    sent = {f"crm-{one.line.place}": one.crm.name for one in draft.context["lines"]}
    sent |= {f"desk-{one.line.place}": one.desk.name for one in draft.context["lines"]}
    assert client.post(address(joined), {**sent, "based_on": draft.context["based_on"]}).status_code == 302
    assert not FieldMapping.objects.exists()


def test_wrong_pairs_are_said_beside_their_line_and_nothing_typed_is_lost(joined: Joined, client: Client) -> None:
    sent = with_pair(form_of(client, joined), "Date_of_Birth", "")
    answer = client.post(address(joined), sent)
    assert answer.status_code == 422
    assert (
        'id="desk-14-error"' in answer.content.decode()
        or "Choose a field of the Desk, or take" in answer.content.decode()
    )
    assert any(one.crm.name == "Date_of_Birth" for one in answer.context["lines"])
    doubled = client.post(address(joined), with_pair(form_of(client, joined), "Department", "title"))
    assert doubled.status_code == 422
    assert "Each field can be mapped once." in doubled.content.decode()
    impossible = client.post(
        address(joined), with_pair(without_pair(form_of(client, joined), "Title"), "Account_Name", "title")
    )
    assert impossible.status_code == 422
    assert not FieldMapping.objects.exists()


def test_a_required_field_of_the_target_must_be_filled(joined: Joined, client: Client) -> None:
    answer = client.post(address(joined), without_pair(form_of(client, joined), "Last_Name"))
    assert answer.status_code == 422
    assert "The Desk requires “Last name”" in answer.content.decode()
    both_ways(joined)
    sent = form_of(client, joined)
    sent[f"direction-{place_of(sent, 'Last_Name')}"] = "to_desk"
    refused = client.post(address(joined), sent)
    assert refused.status_code == 422
    assert "The CRM requires" in refused.content.decode()


def test_two_people_do_not_overwrite_each_other_unseen(joined: Joined, client: Client) -> None:
    stale = without_pair(form_of(client, joined), "Mobile")
    client.post(address(joined), without_pair(form_of(client, joined), "Title"))
    answer = client.post(address(joined), stale)
    assert answer.status_code == 409
    assert "Somebody else has changed these pairs" in answer.content.decode()
    assert not any(one.crm.name == "Mobile" for one in answer.context["lines"])
    assert FieldMapping.objects.filter(crm="Mobile").exists()
    assert client.post(address(joined), {**stale, "based_on": answer.context["based_on"]}).status_code == 302
    assert not FieldMapping.objects.filter(crm="Mobile").exists()


def test_lines_are_added_and_taken_out_in_place(joined: Joined, client: Client) -> None:
    draft = address(joined, "desk_integration_fields_draft")
    sent = form_of(client, joined)
    added = client.post(draft, {**sent, "add": "1", "new": "Department"}, headers={"HX-Request": "true"})
    assert added.status_code == 200
    assert "<html" not in added.content.decode()
    assert added.context["lines"][-1].crm.name == "Department"
    assert added.context["lines"][-1].error == "", "that nothing is chosen yet is no error before saving"
    removed = client.post(draft, {**sent, "taken-out": place_of(sent, "Email")}, headers={"HX-Request": "true"})
    assert not any(one.crm.name == "Email" for one in removed.context["lines"])


def test_words_of_a_pick_list_are_translated(joined: Joined, client: Client, drain: Drain) -> None:
    synced = SyncedModule.objects.get(connection=joined.connection, module="accounts")
    account = make_record(joined.org, "Accounts", Account_Name="月見坂食品株式会社")
    drain()
    page = client.get(address(joined, module="accounts"))
    industry = next(one for one in page.context["lines"] if one.crm.name == "Industry")
    choice = industry.line.words[0].choice
    sent = form_of(client, joined, "accounts")
    place = place_of(sent, "Industry")
    sent |= {f"choice-{place}": [choice], f"word-{place}": ["製造業"]}
    assert client.post(address(joined, module="accounts"), sent).status_code == 302
    assert synced.fields.get(crm="Industry").choices == [[choice, "製造業"]]
    update_record(account, values={"Industry": choice}, actor=SYSTEM)
    drain()
    link = Link.objects.get(module="accounts", crm_id=account.pk)
    assert link.desk_base["industry"] == "製造業"


def test_directions_and_rules_hold(joined: Joined, client: Client, drain: Drain) -> None:
    both_ways(joined)
    drain()
    sent = form_of(client, joined)
    sent[f"direction-{place_of(sent, 'Phone')}"] = "to_crm"
    sent[f"rule-{place_of(sent, 'Title')}"] = "desk_wins"
    assert client.post(address(joined), sent).status_code == 302
    drain()
    record = Record.objects.get(org=joined.org, module__api_name="Contacts")
    contact = Contact.objects.get(portal=joined.portal)
    update_record(record, values={"Phone": "0300000000", "Title": "課長"}, actor=SYSTEM)
    update_contact(contact, values={"title": "部長"}, actor=MAKER)
    drain()
    record.refresh_from_db()
    contact.refresh_from_db()
    assert contact.phone == "0258001147"
    assert (record.values["Title"], contact.title) == ("部長", "部長")
    assert JournalRow.objects.filter(kind="lost", changes__title=["課長", "部長"]).exists()


def test_fields_hidden_from_a_person_show_no_samples(joined: Joined, client: Client) -> None:
    from kakehashi.bridge.sides.directory import crm_side

    stranger = make_joined()
    record = Record.objects.get(org=joined.org, module__api_name="Contacts")
    seen = crm_side(joined.org.pk).visible_among("Contacts", [record.pk], joined.administrator.actor)
    assert list(seen) == [record.pk]
    foreign = crm_side(stranger.org.pk).visible_among("Contacts", [record.pk], stranger.administrator.actor)
    assert not foreign
