"""Why is this record not synced? Each case in plain words, with what cures it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kakehashi.bridge.connection.actions import pause
from kakehashi.bridge.sync.held import decide_match
from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.outcome import KEEPS_CHANGING
from kakehashi.bridge.sync.problems import failing_problems
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.bridge.sync_health.causes import causes_of
from kakehashi.bridge.sync_health.curing import Cure
from kakehashi.bridge.sync_health.explaining import Explanation, explain
from kakehashi.bridge.sync_health.finding import find_records
from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import NotFound
from kakehashi.crm.records.actions import delete_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import delete_contact, update_contact
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined, make_two_way
from tests.makers.crm import make_member, make_record
from tests.makers.desk import MAKER, make_account, make_contact

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y1")]
Drain = Callable[[], int]


def told(joined: Joined, record: Record | Contact, module: str = "contacts") -> Explanation:
    side = "crm" if isinstance(record, Record) else "desk"
    with translation.override("en"):
        return explain(joined.connection, module, side, record.pk, actor=joined.administrator.actor)  # type: ignore[arg-type]


def text(joined: Joined, record: Record | Contact) -> str:
    return " ".join(told(joined, record).sentences)


def contact_of(joined: Joined) -> Contact:
    return Contact.objects.select_related("portal").get(portal=joined.portal)


def fail(joined: Joined, record: Record, reason: str) -> None:
    now = clock.now()
    Dirty.objects.create(
        connection=joined.connection, module="contacts", side="crm", record_id=record.pk, seq=record.pk,
        first_seen_at=now, attempts=3, next_try_at=now + timedelta(hours=1), reason=reason,
    )  # fmt: skip


def test_in_step_with_whom_from_either_side(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    assert "Its partner in the Desk is 相沢" in text(joined, record)
    assert "Its partner in the CRM is 相沢" in text(joined, contact_of(joined))
    assert told(joined, record).cures == []


def test_the_list_of_problems_speaks_the_readers_language() -> None:
    joined = make_joined(modules=["contacts"])
    fail(joined, make_record(joined.org, Last_Name="相沢"), KEEPS_CHANGING)
    fail(joined, make_record(joined.org, Last_Name="加瀬"), "no such thing")
    with translation.override("ja"):
        sentences = {problem.sentence for problem in failing_problems(joined.connection)}
    assert sentences == {"同期中に何度も変更されています。", "予期しないエラーが発生しました：no such thing"}


def test_waiting_and_paused(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    drain()
    record = make_record(joined.org, Last_Name="相沢")
    assert "has not read that yet" in text(joined, record)
    pause(joined.connection, actor=MAKER)
    drain()
    assert "A change has been waiting since" in text(joined, record)
    assert "The sync is paused." in text(joined, record)
    assert told(joined, record).cures == [Cure.RESUME]


def test_held_because_then_left_apart_by_somebody(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="加瀬", Email="b@x.example")
    for _twin in range(2):
        make_contact(joined.portal, lastName="加瀬", email="b@x.example")
    drain()
    assert "Several Desk records have the same" in text(joined, record)
    assert told(joined, record).cures == [Cure.MATCHES]
    decide_match(joined.connection, Link.objects.get(crm_id=record.pk).pk, "apart", actor=MAKER)
    drain()
    assert f"{MAKER.name} left it without a partner" in text(joined, record)
    assert told(joined, record).cures == [Cure.APART]


def test_a_conflict_names_its_fields(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    synced = SyncedModule.objects.get(connection=joined.connection)
    for crm, desk in (("Last_Name", "lastName"), ("Phone", "phone")):
        FieldMapping.objects.create(synced=synced, crm=crm, desk=desk, rule="ask")
    record = make_record(joined.org, Last_Name="相沢", Phone="1")
    drain()
    update_record(record, values={"Phone": "2"}, actor=SYSTEM)
    update_contact(contact_of(joined), values={"phone": "3"}, actor=MAKER)
    drain()
    assert "the rule is to ask a person: Phone." in text(joined, record)
    assert told(joined, record).cures == [Cure.CONFLICTS]


def test_failed_because_and_all_alike_are_tried_again_by_one_button(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    records = [make_record(joined.org, Last_Name=name) for name in ("相沢", "加瀬")]
    drain()
    for record in records:
        fail(joined, record, "ValueError('x')")
    assert "Something unexpected happened" in text(joined, records[0])
    assert told(joined, records[0]).cures == [Cure.TRY_AGAIN, Cure.OPEN_RECORD, Cure.FIELDS]
    [cause] = causes_of(joined.connection)
    assert (cause.count, cause.kind) == (2, "unexpected")
    page = Client()
    page.force_login(joined.administrator.person)
    sent = {"module": "contacts", "side": "crm", "id": records[1].pk}
    done = page.post(reverse("desk_integration_retrying", args=[joined.org.pk]), sent, follow=True).content.decode()
    assert "2 records are being looked at again." in done
    drain()
    assert not Dirty.objects.exists()


def test_a_value_that_is_not_taken_is_told_from_what_nobody_expected(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢")
    drain()
    fail(joined, record, "電話番号: だめです。")
    assert [cause.kind for cause in causes_of(joined.connection)] == ["value"]


def test_outside_of_the_sync(drain: Drain) -> None:
    joined = make_joined(modules=["contacts"])
    lonely = make_contact(joined.portal, lastName="窓口だけ")
    gone = make_record(joined.org, Last_Name="相沢")
    drain()
    assert "goes from CRM to Desk only (Contacts)" in text(joined, lonely)
    assert told(joined, lonely).cures == [Cure.SETTINGS]
    delete_contact(Contact.objects.select_related("portal").get(last_name="相沢"), actor=MAKER)
    drain()
    assert "Its pair has ended: Deleted in Desk." in text(joined, gone)
    delete_record(gone, actor=SYSTEM)
    drain()
    assert "It is in the recycle bin." in text(joined, gone)
    account = make_record(joined.org, module="Accounts", Account_Name="月見坂")
    assert "This module is not synced: Accounts." in " ".join(told(joined, account, "accounts").sentences)


def test_a_reference_that_waits_is_named(drain: Drain) -> None:
    joined = make_two_way(modules=["accounts", "contacts"])
    account = make_record(joined.org, module="Accounts", Account_Name="月見坂", Phone="1")
    for _twin in range(2):
        make_account(joined.portal, name="月見坂")
    record = make_record(joined.org, Last_Name="相沢", Account_Name=account.pk)
    drain()
    assert "It names 月見坂, which has no partner yet" in text(joined, record)


def test_records_are_found_by_name_address_and_number_and_explained_at_once(drain: Drain) -> None:
    joined = make_two_way(modules=["contacts"])
    record = make_record(joined.org, Last_Name="相沢", Email="misaki@tsuki.example")
    drain()
    actor = joined.administrator.actor
    for asked in ("相沢", "misaki@tsuki.example"):
        assert {(one.side, one.name) for one in find_records(joined.connection, asked, actor)} == {
            ("crm", "相沢"),
            ("desk", "相沢"),
        }
    assert record.pk in {one.id for one in find_records(joined.connection, str(record.pk), actor) if one.side == "crm"}
    page = Client()
    page.force_login(joined.administrator.person)
    address = reverse("desk_integration_records", args=[joined.org.pk])
    assert "No record of an account" in page.get(address, {"q": "だれもいない"}).content.decode()
    make_contact(joined.portal, lastName="窓口")
    answer = page.get(address, {"q": "窓口"}, follow=True)
    assert answer.redirect_chain
    assert "has not read that yet" in answer.content.decode()


def test_strangers_learn_nothing_and_whoever_may_not_see_a_record_gets_404(drain: Drain) -> None:
    joined, other = make_two_way(modules=["contacts"]), make_two_way(modules=["contacts"])
    record = make_record(other.org, Last_Name="相沢")
    with pytest.raises(NotFound):
        explain(joined.connection, "contacts", "crm", record.pk, actor=joined.administrator.actor)
    page = Client()
    page.force_login(joined.administrator.person)
    for side in ("crm", "elsewhere"):
        address = reverse("desk_integration_record", args=[joined.org.pk, "contacts", side, record.pk])
        assert page.get(address).status_code == 404
        assert page.post(address + "retry").status_code == 404
    colleague = make_member(joined.org)
    page.force_login(colleague.person)
    own = make_record(joined.org, Last_Name="戸田")
    address = reverse("desk_integration_record", args=[joined.org.pk, "contacts", "crm", own.pk])
    assert page.get(address).status_code == 403
