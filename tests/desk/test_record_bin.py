"""Deleting for good from the Desk's recycle bins, by hand and by themselves: what nothing names goes, what others name stays whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.core import clock
from kakehashi.core.errors import NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.desk.conversations.actions import add_comment
from kakehashi.desk.conversations.models import Comment
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.actions import delete_account, delete_contact, update_account
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product, delete_product
from kakehashi.desk.products.kinds import PRODUCT
from kakehashi.desk.products.models import Product
from kakehashi.desk.record_bin import emptying
from kakehashi.desk.record_bin.actions import change_keeping, purge_records
from kakehashi.desk.record_bin.emptying import empty_bin
from kakehashi.desk.record_bin.jobs import empty_bins, remove_later
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.record_merging.relations import RELATIONS
from kakehashi.desk.records.writing import restore
from kakehashi.desk.targets.models import TargetSet
from kakehashi.desk.tickets.actions import delete_ticket, restore_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.desk.tickets.tally_models import CustomerTally
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    with clock.frozen_at(clock.now() - timedelta(days=days)):
        yield


def _fresh(*records: Any) -> None:
    for record in records:
        record.refresh_from_db()


def _address(portal: Portal, kind: str) -> str:
    return reverse("desk_records_purging", args=[portal.pk, kind])


def _erased(rows: Sequence[Any]) -> list[bool]:
    return [type(row).objects.get(pk=row.pk).erased_at is not None for row in rows]


def test_what_an_account_takes_along_is_counted_and_needs_the_words(portal: Portal, people: People) -> None:
    account = make_account(portal, name="消える商事")
    person = make_contact(portal, account=account)
    make_ticket(portal, contact=person)
    TargetSet.objects.create(portal=portal, account=account)
    delete_account(account, actor=MAKER)
    client, address = people.client_of("administrator"), _address(portal, "account")
    shown = client.post(address, {"selected": [account.pk]}, follow=True)
    assert [count for _words, count in shown.context["lines"]] == [1, 1, 1, 1]
    refused = client.post(address, {"selected": [account.pk], "typed": "yes"})
    assert refused.status_code == 422
    assert "消える商事" in refused.content.decode()
    client.post(address, {"selected": [account.pk], "typed": "delete for good"})
    assert _erased([account]) == [True]


def test_tickets_and_people_stay_without_the_account(portal: Portal, people: People) -> None:
    account = make_account(portal, name="消える商事", phone="03-1111-2222")
    person = make_contact(portal, account=account)
    ticket, binned = (make_ticket(portal, contact=person) for _ in range(2))
    delete_ticket(binned, actor=MAKER)
    update_account(account, values={"website": "https://kieru.example"}, actor=MAKER)
    delete_account(account, actor=MAKER)
    assert purge_records(ACCOUNT, portal, ids=[account.pk], actor=people.administrator.actor) == [account.pk]
    _fresh(account, person, ticket, binned)
    assert (account.account_name, account.phone_normal, account.website, account.search) == ("", "", "", "")
    assert (person.account_id, ticket.account_id, binned.account_id) == (None, None, None)
    assert ticket.contact_id == person.pk
    assert not CustomerTally.objects.filter(account_id=account.pk).exists()
    told = Event.objects.filter(kind="desk.account", subject_id=account.pk).order_by("pk")
    topics = ["desk.account.created", "desk.account.updated", "desk.account.deleted", "desk.account.purged"]
    assert [(event.topic, event.data) for event in told] == [(topic, {}) for topic in topics]
    changed = Event.objects.get(topic="desk.ticket.updated", subject_id=ticket.pk)
    assert changed.data["changes"] == {"accountId": ["消える商事", ""]}
    assert restore(ACCOUNT, portal, [account.pk], MAKER) == []


def test_a_ticket_keeps_the_address_of_the_contact_it_loses(portal: Portal) -> None:
    person = make_contact(portal, email="a@kieru.example")
    ticket = make_ticket(portal, contact=person)
    Ticket.objects.filter(pk=ticket.pk).update(email="")
    delete_contact(person, actor=MAKER)
    purge_records(CONTACT, portal, ids=[person.pk], actor=MAKER)
    _fresh(person, ticket)
    assert (person.name, person.email, ticket.contact_id, ticket.email) == ("", "", None, "a@kieru.example")


def test_what_was_merged_into_it_goes_along_and_comes_back_no_more(portal: Portal) -> None:
    names = ("本体", "写し", "写しの写し")
    survivor, loser, first = (create_product(portal, values={"productName": name}, actor=MAKER) for name in names)
    for into, gone in ((loser, first), (survivor, loser)):
        _fresh(into, gone)
        versions = {into.pk: into.version, gone.pk: gone.version}
        merge_records(portal, PRODUCT, survivor_id=into.pk, versions=versions, values={}, actor=MAKER)
    delete_product(Product.objects.get(pk=survivor.pk), actor=MAKER)
    purge_records(PRODUCT, portal, ids=[survivor.pk], actor=MAKER)
    assert _erased([survivor, loser, first]) == [True] * 3
    assert set(Product.objects.values_list("product_name", flat=True)) == {""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_event WHERE data::text LIKE %s", ["%写し%"])
        assert cursor.fetchone() == (0,)


def test_only_what_lies_in_this_portals_bin_can_be_erased(portal: Portal, people: People) -> None:
    living, elsewhere = make_account(portal), make_account(make_portal())
    delete_account(elsewhere, actor=MAKER)
    ids = [living.pk, elsewhere.pk]
    assert purge_records(ACCOUNT, portal, ids=ids, actor=people.administrator.actor) == []
    with pytest.raises(NotAllowed):
        purge_records(ACCOUNT, portal, ids=ids, actor=people.agent.actor)
    assert people.client_of("agent").get(_address(portal, "account")).status_code == 403
    page = people.client_of("agent").get(reverse("desk_record_bin", args=[portal.pk, "account"]))
    assert "purging" not in page.content.decode()


def test_the_bin_empties_itself_after_the_days_that_the_portal_chose(portal: Portal) -> None:
    old, young = make_account(portal), make_account(portal)
    with days_ago(61):
        delete_account(old, actor=MAKER)
    with days_ago(59):
        delete_account(young, actor=MAKER)
    empty_bins()
    assert _erased([old, young]) == [True, False]
    change_keeping(portal, days=None, actor=MAKER)
    with clock.frozen_at(clock.now() + timedelta(days=500)):
        empty_bins()
    assert _erased([young]) == [False]
    change_keeping(portal, days=30, actor=MAKER)
    empty_bins()
    assert _erased([young]) == [True]


def test_what_tickets_or_people_still_name_stays_until_they_no_longer_do(portal: Portal, people: People) -> None:
    account = make_account(portal)
    person = make_contact(portal, account=account)
    ticket = make_ticket(portal, contact=person)
    with days_ago(100):
        delete_account(account, actor=MAKER)
        delete_contact(person, actor=MAKER)
    empty_bins()
    assert _erased([account, person]) == [False, False]
    page = people.client_of("agent").get(reverse("desk_record_bin", args=[portal.pk, "account"])).content.decode()
    assert "Stays while 1 ticket, 1 contact name it" in page
    with days_ago(61):
        delete_ticket(ticket, actor=MAKER)
    empty_bins()
    assert _erased([ticket, person, account]) == [True] * 3


def test_tickets_go_with_all_that_was_said_in_them_and_their_files(portal: Portal, people: People) -> None:
    file = NewFile("secret.txt", "text/plain", b"secret")
    old, young = (make_ticket(portal, subject="秘密", uploads=[file]) for _ in range(2))
    for ticket in (old, young):
        add_comment(ticket, html="<p>秘密</p>", actor=people.agent.actor)
    with days_ago(61):
        delete_ticket(old, actor=MAKER)
    delete_ticket(young, actor=MAKER)
    empty_bins()
    run_jobs()
    _fresh(old, young)
    assert (old.subject, young.subject) == ("", "秘密")
    assert not Comment.objects.filter(ticket=old).exists()
    assert Comment.objects.filter(ticket=young).exists()
    assert people.client_of("agent").get(reverse("desk_ticket", args=[portal.pk, young.pk])).status_code == 200
    restore_ticket(old, actor=MAKER)
    assert Ticket.objects.get(pk=old.pk).deleted_at is not None


def test_a_run_that_is_killed_is_finished_by_the_next(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = [make_account(portal) for _ in range(3)]
    with days_ago(61):
        for account in accounts:
            delete_account(account, actor=MAKER)
    monkeypatch.setattr(emptying, "_BATCH", 1)
    real, done = emptying.purge_untied, []

    def die(*args: Any, **options: Any) -> list[int]:
        if done:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args, **options)

    monkeypatch.setattr(emptying, "purge_untied", die)
    with pytest.raises(KeyboardInterrupt):
        empty_bin(portal, remove_later)
    assert sum(_erased(accounts)) == 1
    monkeypatch.setattr(emptying, "purge_untied", real)
    assert empty_bin(portal, remove_later) == 2
    assert _erased(accounts) == [True] * 3


def test_the_days_are_shown_on_every_bin_and_chosen_by_administrators(portal: Portal, people: People) -> None:
    address = reverse("desk_bin_keeping", args=[portal.pk])
    assert people.client_of("agent").post(address, {"days": "7"}).status_code == 403
    client = people.client_of("administrator")
    bin_address = reverse("desk_record_bin", args=[portal.pk, "product"])
    client.post(address, {"days": "8"})
    assert "kept for 60 days" in client.get(bin_address).content.decode()
    back = client.post(address, {"days": "7"}, headers={"Referer": f"http://testserver{bin_address}"})
    assert back.headers["Location"].endswith(bin_address)
    assert "kept for 7 days" in client.get(bin_address).content.decode()
    tickets = people.client_of("agent").get(reverse("desk_ticket_bin", args=[portal.pk])).content.decode()
    assert "kept for 7 days" in tickets
    assert "<select" not in tickets.partition("How long")[2].partition("</section>")[0]


def test_the_bin_costs_the_same_for_one_record_and_for_many(portal: Portal, people: People) -> None:
    client, address = people.client_of("agent"), reverse("desk_record_bin", args=[portal.pk, "account"])

    def bin_one() -> None:
        account = make_account(portal)
        make_ticket(portal, contact=make_contact(portal, account=account))
        delete_account(account, actor=MAKER)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    bin_one()
    cost()
    few = cost()
    for _ in range(5):
        bin_one()
    assert cost() == few


def test_nothing_else_names_a_contact_an_account_or_a_product() -> None:
    """A new foreign key to one of them must say what becomes of it when the record is erased."""
    known = {(relation.kind, relation.name.partition(".")[0]) for relation in RELATIONS}
    models = {"ticket": "ticket", "contact": "contact", "targetset": "account", "calendaruse": "account"}
    found = set()
    for kind, model in (("contact", Contact), ("account", Account), ("product", Product)):
        for field in model._meta.get_fields(include_hidden=True):
            if field.auto_created and field.one_to_many:
                name = str(field.related_model._meta.model_name)  # type: ignore[union-attr]
                if name not in {kind, "erasure", "product_departments"}:  # merged into one of its own, or forgotten
                    found.add((kind, models[name]))
    assert found == known
