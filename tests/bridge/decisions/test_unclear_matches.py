"""Design §6: what cannot be matched for certain is put before people, with the evidence, and decided by one click."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.bridge.sync_settings.actions import change_settings
from kakehashi.bridge.sync_settings.chosen import Settings
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from tests.makers.bridge import Joined, make_joined
from tests.makers.crm import make_record
from tests.makers.desk import make_account, make_contact

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], int]
ADDRESS = "info@kiri.example"


@pytest.fixture
def joined() -> Joined:
    return make_joined()


def page(joined: Joined) -> str:
    return reverse("desk_integration_matches", args=[joined.org.pk])


def decide(client: Client, joined: Joined, **sent: object):  # type: ignore[no-untyped-def]
    return client.post(reverse("desk_integration_match_choices", args=[joined.org.pk]), sent)


def both_ways(joined: Joined, module: str) -> None:
    change_settings(joined.connection, module, Settings(direction="both"), actor=joined.administrator.actor)


def twins(joined: Joined, drain: Drain) -> tuple[Record, list[Contact]]:
    """A CRM contact, and two of the Desk with its address."""
    candidates = [
        make_contact(joined.portal, lastName="早川", email=ADDRESS, phone="03-0000-0001"),
        make_contact(joined.portal, lastName="Hayakawa", email=ADDRESS),
    ]
    record = make_record(joined.org, Last_Name="早川", Email=ADDRESS, Phone="0300000001")
    drain()
    return record, candidates


def test_the_evidence_stands_side_by_side(joined: Joined, client: Client, drain: Drain) -> None:
    twins(joined, drain)
    shown = client.get(page(joined))
    [question] = shown.context["questions"]
    facts = {own.text: [one.is_same for one in theirs] for _label, own, theirs in question.rows}
    assert facts[ADDRESS] == [True, True]
    assert facts["0300000001"] == [True, False], "the same number in another spelling"
    text = shown.content.decode()
    assert "Several Desk records have the same" in text
    assert "Hayakawa" in text


def test_one_click_joins_and_is_journalled(joined: Joined, client: Client, drain: Drain) -> None:
    record, candidates = twins(joined, drain)
    link = Link.objects.get(state="held")
    assert decide(client, joined, one=f"{link.pk}:{candidates[1].pk}").status_code == 302
    assert client.get(page(joined)).context["questions"] == [], "it is being carried out"
    drain()
    assert Link.objects.get(crm_id=record.pk, state="live").desk_id == candidates[1].pk
    assert JournalRow.objects.get(kind="decided").by_name == joined.administrator.person.name


def test_somebody_new_makes_a_third(joined: Joined, client: Client, drain: Drain) -> None:
    record, candidates = twins(joined, drain)
    decide(client, joined, one=f"{Link.objects.get(state='held').pk}:new")
    drain()
    made = Link.objects.get(crm_id=record.pk, state="live").desk_id
    assert made not in {one.pk for one in candidates}


def test_what_is_left_apart_is_listed_and_matched_after_all(joined: Joined, client: Client, drain: Drain) -> None:
    record, candidates = twins(joined, drain)
    link = Link.objects.get(state="held")
    decide(client, joined, one=f"{link.pk}:apart")
    drain()
    assert not client.get(page(joined)).context["questions"]
    assert len(client.get(f"{page(joined)}?show=apart").context["questions"]) == 1
    candidates[1].delete()
    reopened = client.post(reverse("desk_integration_match_again", args=[joined.org.pk]), {"one": link.pk})
    assert reopened.status_code == 302
    drain()
    assert Link.objects.get(crm_id=record.pk, state="live").desk_id == candidates[0].pk


def test_several_are_decided_at_once_and_what_was_settled_meanwhile_is_left_out(
    joined: Joined, client: Client, drain: Drain
) -> None:
    both_ways(joined, "contacts")
    for name in ("早川", "佐久間", "笠原"):
        make_contact(joined.portal, lastName=name, email=ADDRESS)
    drain()
    ids = list(Link.objects.filter(state="held").order_by("pk").values_list("pk", flat=True))
    assert len(ids) == 3
    decide(client, joined, one=f"{ids[0]}:apart")
    assert decide(client, joined, all="apart", selected=ids).status_code == 302
    drain()
    assert Link.objects.filter(state="apart").count() == JournalRow.objects.filter(kind="decided").count() == 3


def test_nobody_who_was_not_offered_can_be_chosen(joined: Joined, client: Client, drain: Drain) -> None:
    twins(joined, drain)
    stranger = make_contact(joined.portal, lastName="相沢")
    link = Link.objects.get(state="held")
    assert decide(client, joined, one=f"{link.pk}:{stranger.pk}").status_code == 422
    assert decide(client, joined, all="new").status_code == 422
    elsewhere = make_joined()
    other = Client()
    other.force_login(elsewhere.administrator.person)
    decide(other, elsewhere, one=f"{link.pk}:new")
    link.refresh_from_db()
    assert "chosen" not in link.evidence


def test_filters_count_and_narrow(joined: Joined, client: Client, drain: Drain) -> None:
    twins(joined, drain)
    both_ways(joined, "accounts")
    for _twice in range(2):
        make_account(joined.portal, accountName="桐野商事")
    drain()
    everything = client.get(page(joined))
    assert [one.count for one in everything.context["modules"]] == [2, 1], "accounts, contacts"
    narrowed = client.get(f"{page(joined)}?module=accounts&reason=shared_key")
    assert {one.module for one in narrowed.context["questions"]} == {"accounts"}
    assert not client.get(f"{page(joined)}?module=contacts&reason=shared_key").context["questions"]


def test_the_number_of_queries_does_not_grow(joined: Joined, client: Client, drain: Drain) -> None:
    def count() -> int:
        with CaptureQueriesContext(database) as queries:
            assert client.get(page(joined)).status_code == 200
        return len(queries)

    twins(joined, drain)
    count()  # what is cached after the first page is no matter of this one
    few = count()
    for number in range(4):
        for _twice in range(2):
            make_contact(joined.portal, email=f"{number}@kiri.example")
        make_record(joined.org, Email=f"{number}@kiri.example")
    drain()
    assert len(client.get(page(joined)).context["questions"]) == 5
    assert count() == few


def test_what_was_left_out_of_a_plan_says_so(joined: Joined, client: Client, drain: Drain) -> None:
    record, _candidates = twins(joined, drain)
    Link.objects.filter(crm_id=record.pk).update(state="apart", evidence={"reason": "not_approved"})
    shown = client.get(f"{page(joined)}?show=apart&reason=not_approved").content.decode()
    assert "It was left out when the plan was approved." in shown
