"""The plan as an administrator sees it: its rows, taking some out, approving, and a file of it."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kakehashi.bridge.connection.models import Connection, State
from kakehashi.bridge.sync.models import Run
from kakehashi.bridge.sync.outcome_models import PlanRow
from kakehashi.desk.customers.models import Contact
from tests.makers.crm import make_member, make_org, make_person, make_record
from tests.makers.desk import make_contact, make_portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("Y8")]
Drain = Callable[[], int]


class Page:
    def __init__(self) -> None:
        person = make_person(language="en")
        self.org = make_org(administrator=person, language="en")
        self.portal = make_portal(administrator=person, language="en")
        make_record(self.org, Last_Name="相沢", Email="misaki@x.example", Phone="0258-00-1147")
        make_record(self.org, Last_Name="戸田", Email="riku@x.example")
        make_contact(self.portal, firstName="", lastName="Toda", email="riku@x.example")
        self.client = Client()
        self.client.force_login(person)
        self.client.post(
            self.url("desk_integration_setup"),
            {"portal": self.portal.pk, "modules": ["contacts"], "finish": "plan"},
        )

    def url(self, name: str) -> str:
        return reverse(name, args=[self.org.pk])

    def text(self, query: str = "") -> str:
        return self.client.get(self.url("desk_integration_plan") + query).content.decode()

    @property
    def connection(self) -> Connection:
        return Connection.objects.get(org_id=self.org.pk)


def test_while_it_is_made_the_page_shows_how_far_it_is(drain: Drain) -> None:
    page = Page()
    assert page.connection.state == State.PLANNED
    assert "The plan is being made" in page.text()
    drain()
    shown = page.text()
    assert "相沢" in shown
    assert "same E-mail" in shown
    assert "Approve and start the sync" in shown


def test_rows_are_filtered_and_given_as_a_file(drain: Drain) -> None:
    page = Page()
    drain()
    assert "相沢" not in page.text("?kind=link")
    assert "戸田" in page.text("?q=toda")
    file = b"".join(page.client.get(page.url("desk_integration_plan_file") + "?kind=link")).decode()  # type: ignore[arg-type]
    assert "Last name,Toda,戸田,Desk" in file
    assert "相沢" not in file


def test_what_happens_to_something_comes_first(drain: Drain) -> None:
    page = Page()
    drain()
    rows = PlanRow.objects.order_by("pk")
    rows.filter(pk=rows[0].pk).update(kind=PlanRow.Kind.SKIP)
    shown = page.text()
    assert shown.index(rows[1].name) < shown.index(rows[0].name)


def test_some_are_left_out_and_the_rest_is_synced(drain: Drain) -> None:
    page = Page()
    drain()
    row = PlanRow.objects.get(name="相沢")
    page.client.post(page.url("desk_integration_plan_rows"), {"row": [row.pk], "do": "leave_out"})
    assert "Left out" in page.text()
    page.client.post(page.url("desk_integration_plan_approval"))
    drain()
    assert page.connection.state == State.CONNECTED
    assert Contact.objects.get(portal=page.portal).last_name == "戸田"


def test_all_that_a_filter_shows_are_left_out_and_taken_in_again(drain: Drain) -> None:
    page = Page()
    drain()
    page.client.post(page.url("desk_integration_plan_rows"), {"kind": "create", "do": "leave_out_all"})
    assert set(PlanRow.objects.filter(is_approved=False).values_list("kind", flat=True)) == {"create"}
    page.client.post(page.url("desk_integration_plan_rows"), {"do": "take_in_all"})
    assert not PlanRow.objects.filter(is_approved=False).exists()


def test_it_is_planned_again_by_what_is_there_then_but_not_after_the_approval(drain: Drain) -> None:
    page = Page()
    drain()
    make_record(page.org, Last_Name="後から")
    page.client.post(page.url("desk_integration_plan_again"))
    drain()
    assert "後から" in page.text()
    page.client.post(page.url("desk_integration_plan_approval"))
    assert page.client.post(page.url("desk_integration_plan_again")).status_code == 409
    assert Run.objects.filter(kind="plan").count() == 2


def test_a_colleague_without_the_right_sees_none_of_it(drain: Drain) -> None:
    page = Page()
    colleague = Client()
    colleague.force_login(make_member(page.org).person)
    for name in ("desk_integration_plan", "desk_integration_plan_file"):
        assert colleague.get(page.url(name)).status_code in {403, 404}
    assert colleague.post(page.url("desk_integration_plan_approval")).status_code in {403, 404}
    assert page.connection.state == State.PLANNED


def test_many_rows_cost_no_more_queries_than_few(drain: Drain) -> None:
    """Those that wait for a decision, too: each says why in the words of both sides' fields."""
    page = Page()
    counts = []
    for size in (2, 6):
        for number in range(size):
            address = f"info{size}{number}@x.example"
            make_record(page.org, Last_Name="総務", Email=address)
            for name in ("代表", "受付"):
                make_contact(page.portal, lastName=name, email=address)
        page.client.post(page.url("desk_integration_plan_again"))
        drain()
        page.text()
        with CaptureQueriesContext(database) as queries:
            page.text("?kind=hold")
        counts.append(len(queries))
    assert PlanRow.objects.filter(kind="hold").count() == 8
    assert counts[0] == counts[1]
