"""People with more addresses and phones than two: each of them finds the person, on every way in."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kakehashi.core.errors import InvalidValues
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.customers.actions import update_contact, write_contacts
from kakehashi.desk.customers.matching import contacts_with_email, find_sender
from kakehashi.desk.customers.models import Contact, with_email
from kakehashi.desk.intake.threads import takes_part
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.records.writing import Draft
from kakehashi.desk.search.queries import search_desk
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_contact, make_portal, make_ticket

pytestmark = pytest.mark.django_db

_MORE = ["Old@Example.com", "misaki@home.example"]


def test_a_mail_from_any_of_the_addresses_is_that_persons(portal: Portal) -> None:
    contact = make_contact(portal, moreEmails=_MORE)
    other = make_contact(make_portal(name="Other"), moreEmails=_MORE)
    assert find_sender(portal, Address("", "old@example.com"), actor=MAKER) == contact
    assert find_sender(other.portal, Address("", "old@example.com"), actor=MAKER) == other
    ticket = make_ticket(portal, contact=contact)
    assert takes_part(ticket, "MISAKI@home.example", {})
    assert not takes_part(ticket, "somebody@home.example", {})


def test_addresses_are_typed_one_a_line_and_a_wrong_one_is_named(portal: Portal) -> None:
    contact = make_contact(portal)
    changed = update_contact(
        contact, values={"moreEmails": "a@example.com\r\n\r\n a@example.com \nb@example.com"}, actor=MAKER
    )
    assert changed.more_emails == ["a@example.com", "b@example.com"]
    with pytest.raises(InvalidValues) as refused:
        update_contact(contact, values={"moreEmails": "a@example.com\nnot one"}, actor=MAKER)
    assert "not one" in str(refused.value.by_field["moreEmails"])


def test_the_form_shows_them_and_keeps_them(portal: Portal, people: People, client: Client) -> None:
    contact = make_contact(portal, moreEmails=_MORE, morePhones=["03-1111-2222"])
    client.force_login(people.agent.person)
    url = reverse("desk_contact_edit", args=[portal.pk, contact.pk])
    form = client.get(url).context["form"]
    sent = {**form.initial, "title": "部長"}
    client.post(url, {name: "" if value is None else value for name, value in sent.items()})
    contact.refresh_from_db()
    assert (contact.title, contact.more_emails, contact.more_phones) == ("部長", _MORE, ["03-1111-2222"])


def test_search_finds_them_by_any_address_and_phone(portal: Portal, people: People) -> None:
    contact = make_contact(portal, moreEmails=_MORE, morePhones=["03-1111-2222"])
    for text in ("old@example.com", "0311112222"):
        found = [one.url for group in search_desk(people.agent, text, limit=5) for one in group.finds]
        assert reverse("desk_contact", args=[portal.pk, contact.pk]) in found


def test_many_at_once_are_stored_alike(portal: Portal) -> None:
    """Thirty take the way of COPY."""
    drafts = [Draft({"lastName": f"n{n}", "moreEmails": [f"n{n}@example.com"] if n % 2 else []}) for n in range(30)]
    results = write_contacts(portal, drafts=drafts, actor=MAKER)
    ids = {n: result.record.pk for n, result in enumerate(results) if result.record}
    assert [one.pk for one in contacts_with_email(portal, ["N7@example.com"])] == [ids[7]]
    again = [Draft({"moreEmails": [f"x{n}@example.com"]}, pk) for n, pk in ids.items()]
    write_contacts(portal, drafts=again, actor=MAKER)
    assert [one.pk for one in contacts_with_email(portal, ["x8@example.com"])] == [ids[8]]
    assert contacts_with_email(portal, ["n7@example.com"]) == []


def test_looking_for_an_address_reads_indexes_only(portal: Portal) -> None:
    write_contacts(
        portal,
        drafts=[
            Draft({"lastName": f"n{n}", "email": f"n{n}@example.com", "moreEmails": [f"m{n}@example.com"]})
            for n in range(600)
        ],
        actor=MAKER,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE desk_contact")
    plan = Contact.objects.filter(
        with_email([normal_email("m7@example.com")]), portal=portal, deleted_at=None
    ).explain()
    assert "contact_by_more_emails" in plan
    assert "Seq Scan" not in plan
