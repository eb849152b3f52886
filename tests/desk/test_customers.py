"""Contacts and accounts: one or many at once, the same rules."""

import pytest

from kakehashi.core.errors import InvalidValues, StaleVersion
from kakehashi.core.events.models import Event
from kakehashi.desk.customers.actions import (
    create_account,
    create_contact,
    delete_contact,
    restore_contact,
    update_account,
    update_contact,
    write_contacts,
)
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.customers.queries import accounts_by_name, contacts_by_key
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.searching import found_by
from kakehashi.desk.records.writing import Draft
from tests.makers.desk import MAKER, make_account, make_contact, make_portal

pytestmark = pytest.mark.django_db


def last_event(topic: str) -> Event:
    return Event.objects.filter(topic=topic).latest("id")


def test_an_edit_says_what_changed(portal: Portal) -> None:
    contact = make_contact(portal, phone="0258-00-1147")
    changed = update_contact(contact, values={"phone": "03-1234-5678", "lastName": contact.last_name}, actor=MAKER)
    assert (changed.version, changed.phone_normal) == (2, "+81312345678")
    assert last_event("desk.contact.updated").data == {"changes": {"phone": ["0258-00-1147", "03-1234-5678"]}}


def test_nothing_is_written_when_nothing_differs(portal: Portal) -> None:
    contact = make_contact(portal, title="課長")
    assert update_contact(contact, values={"title": "課長"}, actor=MAKER).version == 1
    assert not Event.objects.filter(topic="desk.contact.updated").exists()


def test_what_cannot_be_stored_is_refused_beside_its_field(portal: Portal) -> None:
    foreign = make_account(make_portal(name="Second"))
    values = {"lastName": "", "email": "no address", "accountId": foreign.pk, "shoe": "42"}
    with pytest.raises(InvalidValues) as refused:
        create_contact(portal, values=values, actor=MAKER)
    assert set(refused.value.by_field) == {"lastName", "email", "shoe"}
    with pytest.raises(InvalidValues) as dangling:
        create_contact(portal, values={"lastName": "相沢", "accountId": foreign.pk}, actor=MAKER)
    assert set(dangling.value.by_field) == {"accountId"}


def test_an_account_keeps_its_money_exact(portal: Portal) -> None:
    account = create_account(portal, values={"accountName": "A", "annualrevenue": "1,234,567.5"}, actor=MAKER)
    account.refresh_from_db()
    assert str(account.annualrevenue) == "1234567.50"
    with pytest.raises(InvalidValues):
        update_account(account, values={"annualrevenue": "a lot"}, actor=MAKER)


def test_the_same_address_may_belong_to_several_people(portal: Portal) -> None:
    first = make_contact(portal, email="info@example.com")
    second = make_contact(portal, email="Info@Example.com")
    assert contacts_by_key(portal, "email", ["INFO@example.com", "x@example.com"]) == {
        "INFO@example.com": (first.pk, second.pk),
        "x@example.com": (),
    }


def test_accounts_are_found_by_name_in_any_spelling(portal: Portal) -> None:
    account = make_account(portal, name="ミドリ 商店")
    assert accounts_by_name(portal, ["ﾐﾄﾞﾘ商店"]) == {"ﾐﾄﾞﾘ商店": (account.pk,)}


def test_a_deleted_contact_is_found_by_nobody_until_restored(portal: Portal) -> None:
    contact = make_contact(portal, email="a@example.com")
    delete_contact(contact, actor=MAKER)
    assert contacts_by_key(portal, "email", ["a@example.com"]) == {"a@example.com": ()}
    with pytest.raises(StaleVersion):
        update_contact(contact, values={"phone": "1"}, actor=MAKER)
    restore_contact(contact, actor=MAKER)
    contact.refresh_from_db()
    assert (contact.version, contact.deleted_at) == (3, None)


@pytest.mark.parametrize("count", [3, 60])
def test_many_are_written_each_by_itself(portal: Portal, count: int) -> None:
    account = make_account(portal)
    drafts = [
        Draft({"lastName": f"相沢 {n}\t\\", "email": f"n{n}@x.example", "accountId": account.pk, "cf": {"cf_a": "改\n行"}},
              origin_key=f"crm:{n}")
        for n in range(count)
    ]  # fmt: skip
    created = write_contacts(
        portal, drafts=[*drafts, Draft({"lastName": ""}), Draft({"lastName": "x", "accountId": 1})], actor=MAKER
    )
    assert [result.state for result in created] == ["created"] * count + ["refused"] * 2
    stored = Contact.objects.get(pk=created[0].record.pk)  # type: ignore[union-attr]
    assert (stored.last_name, stored.custom, stored.origin_key) == ("相沢 0\t\\", {"cf_a": "改\n行"}, "crm:0")
    assert found_by(Contact.objects.all(), portal, "相沢").count() == count
    changes = [Draft({"phone": "0258-00-1147"}, id=result.record.pk, version=1) for result in created if result.record]
    stale = Draft({"phone": "1"}, id=stored.pk, version=7)
    updated = write_contacts(portal, drafts=[*changes, stale, Draft({}, id=0)], actor=MAKER)
    assert [result.state for result in updated] == ["updated"] * count + ["stale", "missing"]
    assert Contact.objects.filter(portal=portal, phone_normal="+81258001147", version=2).count() == count
    assert found_by(Contact.objects.all(), portal, "0258001147").count() == count
    assert Event.objects.filter(topic="desk.contact.updated").count() == count
    same = write_contacts(portal, drafts=[Draft({"phone": "0258-00-1147"}, id=d.id) for d in changes], actor=MAKER)
    assert {result.state for result in same} == {"unchanged"}
