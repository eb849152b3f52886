"""Pages of contacts, accounts and products: what has happened to them, who may be the same, and merging by hand."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from kakehashi.core.actors import Actor
from kakehashi.desk.customers.actions import create_account, update_contact
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.products.actions import create_product, update_product
from kakehashi.desk.record_merging.actions import merge_records
from kakehashi.desk.record_merging.candidates import find_candidates
from kakehashi.desk.record_merging.models import RecordMerge
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_account, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db


def _text(people: People, name: str, *arguments: Any, who: str = "agent") -> str:
    response = people.client_of(who).get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_the_history_says_what_who_and_by_which_way(portal: Portal, people: People) -> None:
    old, new = make_account(portal, name="旧社"), make_account(portal, name="新社")
    contact = make_contact(portal, account=old, phone="03-1111-1111")
    update_contact(contact, values={"phone": "03-2222-2222"}, actor=people.agent.actor)
    update_contact(contact, values={"accountId": new.pk}, actor=Actor(None, "", "connection:4"))
    update_contact(contact, values={"title": "部長"}, actor=Actor(None, "相沢 美咲", "mail"))
    page = _text(people, "desk_contact", portal.pk, contact.pk)
    assert f"<b>{people.agent.person.name}</b> changed Phone from 03-1111-1111 to <b>03-2222-2222</b>" in page
    assert "<b>CRM</b> changed Account name from 旧社 to <b>新社</b>" in page
    assert "<b>相沢 美咲 (customer)</b> set Title to <b>部長</b>" in page


def test_a_long_history_is_shown_step_by_step(portal: Portal, people: People) -> None:
    contact = make_contact(portal)
    for number in range(103):
        update_contact(contact, values={"title": f"title {number}"}, actor=MAKER)
    page = _text(people, "desk_contact", portal.pk, contact.pk)
    assert "title 0<" not in page
    assert "?history=200" in page
    longer = people.client_of("agent").get(reverse("desk_contact", args=[portal.pk, contact.pk]) + "?history=200")
    assert "title 0<" in longer.content.decode()


def test_a_product_has_a_page_with_its_history_and_its_tickets(portal: Portal, people: People) -> None:
    product = create_product(portal, values={"productName": "TL-200"}, actor=MAKER)
    update_product(product, values={"unitPrice": "1200"}, actor=people.agent.actor)
    make_ticket(portal, values={"productId": product.pk})
    page = _text(people, "desk_product", portal.pk, product.pk, who="light_agent")
    assert "set Unit price to <b>1,200</b>" in page
    edited = _text(people, "desk_product_edit", portal.pk, product.pk)
    assert 'value="1200"' in edited
    tickets = people.client_of("agent").get(
        people.client_of("agent").get(reverse("desk_product", args=[portal.pk, product.pk])).context["tickets_url"]
    )
    assert "ロガーが切断される" in tickets.content.decode()


def test_possible_duplicates_are_shown_with_what_speaks_for_them(portal: Portal, people: People) -> None:
    contact = make_contact(portal, email="info@example.com", phone="03-1111-2222")
    twin = make_contact(portal, lastName="Aizawa", moreEmails=["INFO@example.com"], mobile="0311112222")
    make_contact(portal, lastName="別人", firstName="太郎", email="else@example.com")
    make_contact(make_portal(name="Other"), email="info@example.com")
    with translation.override("en"):
        (found,) = find_candidates(contact)
    assert found.record == twin
    assert found.evidence == ["Same e-mail address: INFO@example.com", "Same phone number: 0311112222"]
    assert "1 possible duplicate" in _text(people, "desk_contact", portal.pk, contact.pk)
    light = _text(people, "desk_contact", portal.pk, contact.pk, who="light_agent")
    assert reverse("desk_duplicates", args=[portal.pk, "contact", contact.pk]) not in light


def test_a_name_shared_by_people_of_two_companies_is_no_likeness(portal: Portal) -> None:
    first = make_contact(portal, account=make_account(portal, name="A"))
    make_contact(portal, account=make_account(portal, name="B"))
    colleague = make_contact(portal, account=first.account)
    assert next((one.record, one.is_likely) for one in find_candidates(first)) == (colleague, True)
    assert [one.is_likely for one in find_candidates(first)] == [True, False]


def test_colleagues_who_share_their_companys_phone_are_no_doubles(portal: Portal, people: People) -> None:
    contact = make_contact(portal, phone="03-1111-2222")
    make_contact(portal, lastName="別人", phone="03-1111-2222")
    (found,) = find_candidates(contact)
    assert not found.is_likely
    assert "possible duplicate" not in _text(people, "desk_contact", portal.pk, contact.pk)


def test_companies_are_alike_but_for_their_legal_form_and_products_by_code(portal: Portal) -> None:
    first = make_account(portal, name="株式会社月見坂食品")
    second = make_account(portal, name="月見坂食品㈱")
    assert [one.record for one in find_candidates(first)] == [second]
    products = [
        create_product(portal, values={"productName": name, "productCode": "TL-200"}, actor=MAKER) for name in "ab"
    ]
    assert [one.record for one in find_candidates(products[0])] == [products[1]]


def test_merging_by_hand_shows_both_and_does_what_was_chosen(portal: Portal, people: People) -> None:
    first, second = make_contact(portal, title="課長"), make_contact(portal, title="部長", lastName="井上")
    client = people.client_of("agent")
    url = reverse("desk_record_merge_new", args=[portal.pk, "contact"])
    page = client.get(url, {"selected": [first.pk, second.pk]})
    assert "課長" in page.content.decode()
    assert "部長" in page.content.decode()
    sent = {
        "selected": [first.pk, second.pk],
        "survivor": second.pk,
        f"version-{first.pk}": first.version,
        f"version-{second.pk}": second.version,
        "field-title": first.pk,
    }
    answer = client.post(url, sent)
    assert answer.headers["Location"] == reverse("desk_contact", args=[portal.pk, second.pk])
    second.refresh_from_db()
    assert (second.last_name, second.title, second.secondary_email) == ("井上", "課長", "")  # nothing said to keep it
    merge = RecordMerge.objects.get()
    old = client.get(reverse("desk_contact", args=[portal.pk, first.pk]))
    assert old.headers["Location"] == reverse("desk_contact", args=[portal.pk, second.pk])
    assert "Show" in _text(people, "desk_contact", portal.pk, second.pk)
    assert first.name in _text(people, "desk_record_merge", portal.pk, merge.pk)
    client.post(reverse("desk_record_unmerging", args=[portal.pk, merge.pk]))
    assert Contact.objects.get(pk=first.pk).deleted_at is None


def test_whoever_changed_one_meanwhile_is_not_overwritten(portal: Portal, people: People) -> None:
    first, second = make_contact(portal), make_contact(portal)
    url = reverse("desk_record_merge_new", args=[portal.pk, "contact"])
    sent = {
        "selected": [first.pk, second.pk],
        "survivor": first.pk,
        f"version-{first.pk}": first.version,
        f"version-{second.pk}": second.version,
    }
    update_contact(second, values={"title": "new"}, actor=MAKER)
    answer = people.client_of("agent").post(url, sent)
    assert answer.status_code == 409
    assert not RecordMerge.objects.exists()


def test_a_record_page_costs_the_same_however_many_are_alike(portal: Portal, people: People) -> None:
    account = create_account(portal, values={"accountName": "月見坂食品"}, actor=MAKER)
    contact = make_contact(portal, account=account, email="info@example.com")
    client = people.client_of("agent")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("desk_contact", args=[portal.pk, contact.pk]))
        return len(queries)

    make_contact(portal, email="info@example.com", account=account)
    cost()  # the first look at a portal reads what is then known
    few = cost()
    for _ in range(10):
        make_contact(portal, email="info@example.com", account=account)
    assert cost() == few


def test_the_recycle_bin_shows_what_was_deleted_and_gives_it_back(portal: Portal, people: People) -> None:
    kept, gone, merged = (
        make_contact(portal, lastName="残る"),
        make_contact(portal, lastName="消える"),
        make_contact(portal),
    )
    merge_records(portal, CONTACT, survivor_id=kept.pk, versions={kept.pk: 1, merged.pk: 1}, values={}, actor=MAKER)
    client = people.client_of("agent")
    client.post(reverse("desk_records_deletion", args=[portal.pk, "contact"]), {"selected": [gone.pk]})
    page = _text(people, "desk_record_bin", portal.pk, "contact")
    assert "消える" in page
    assert "残る" not in page
    assert merged.name not in page
    client.post(reverse("desk_records_restoration", args=[portal.pk, "contact"]), {"selected": [gone.pk, merged.pk]})
    assert list(Contact.objects.filter(deleted_at=None).order_by("pk")) == [kept, gone]
    assert "消える" not in _text(people, "desk_record_bin", portal.pk, "contact")
