"""Views of lists: what everybody has, what somebody saved, who sees and who changes it."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.core.filters.definition import Condition, as_text, filter_of, from_json
from kakehashi.crm.list_views import pages as list_pages
from kakehashi.crm.list_views import queries as list_queries
from kakehashi.crm.list_views.models import ListView
from kakehashi.crm.modules.models import Field
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org, Role
from tests.makers.crm import make_member, make_record, make_view

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WON = Condition("Stage", "any_of", ("Closed Won",))


def as_person(access: CrmAccess) -> Client:
    client = Client()
    client.force_login(access.person)
    return client


def url(org: Org, path: str) -> str:
    return f"/crm/{org.pk}/{path}"


def names_in(client: Client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return {record.name for record in answer.context["page"].records}


def led_to(answer: Any) -> dict[str, str]:
    """Where htmx is sent, as a query."""
    assert answer.status_code == 204, answer.content.decode()
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(answer["HX-Redirect"]).query, keep_blank_values=True).items()
    }


def test_every_standard_view_opens_and_shows_what_it_says(org: Org, page: Client, access: CrmAccess) -> None:
    make_record(org, "Deals", Deal_Name="won", Stage="Closed Won", actor=access.actor)
    make_record(org, "Deals", Deal_Name="late", Closing_Date="2020-01-01")
    assert names_in(page, url(org, "Deals/?view=all&layout=table")) == {"won", "late"}
    assert names_in(page, url(org, "Deals/?view=mine")) == {"won"}
    assert names_in(page, url(org, "Deals/?view=open")) == {"late"}
    assert names_in(page, url(org, "Deals/?view=late")) == {"late"}
    for module in access.schema:
        for view in page.get(url(org, f"{module.api_name}/")).context["views"].standard:
            assert page.get(url(org, f"{module.api_name}/?view={view.key}")).status_code == 200


def test_what_is_shown_is_saved_shared_and_opened_by_a_colleague(org: Org, page: Client, access: CrmAccess) -> None:
    colleague = as_person(make_member(org))
    make_record(org, "Deals", Deal_Name="won", Stage="Closed Won")
    make_record(org, "Deals", Deal_Name="open")
    shown = {"view": "all", "filter": as_text(filter_of(WON)), "columns": "Amount,Stage", "sort": "-Amount", "Type": ""}
    saved = led_to(
        page.post(url(org, "Deals/views/new"), {**shown, "name": "受注", "sharing": "everyone"}, headers=HTMX)
    )
    address = url(org, f"Deals/?view={saved['view']}")
    assert names_in(colleague, address) == {"won"}
    context = colleague.get(address).context
    assert [column.name for column in context["columns"]] == ["Amount", "Stage"]
    assert not context["choice"].is_changed
    assert not context["view_is_ours"]
    assert context["shared_views"][0].name == "受注"


def test_drop_downs_become_conditions_of_the_saved_view(org: Org, page: Client, access: CrmAccess) -> None:
    shown = {"view": "open", "owner": "me", "Type": "New Business", "name": "自分の新規", "sharing": "private"}
    led_to(page.post(url(org, "Deals/views/new"), shown, headers=HTMX))
    kept = {condition.field for condition in from_json(ListView.objects.get().filter)}
    assert kept == {"Stage", "Owner", "Type"}


def test_a_view_without_a_name_comes_back_with_the_reason(org: Org, page: Client) -> None:
    answer = page.post(url(org, "Deals/views/new"), {"view": "all", "name": " ", "sharing": "private"}, headers=HTMX)
    assert answer.status_code == 422
    nobody = page.post(url(org, "Deals/views/new"), {"view": "all", "name": "x", "sharing": "chosen"}, headers=HTMX)
    assert nobody.status_code == 422
    assert not ListView.objects.exists()


def test_who_was_not_chosen_does_not_learn_of_a_view(org: Org, access: CrmAccess) -> None:
    chosen, other = make_member(org), make_member(org)
    by_person = make_view(access, sharing="chosen", person_ids=[chosen.person.pk])
    private = make_view(access)
    assert as_person(chosen).get(url(org, f"Contacts/?view={by_person.pk}")).status_code == 200
    for view in (by_person, private):
        assert as_person(other).get(url(org, f"Contacts/?view={view.pk}")).status_code == 404


def test_a_role_is_a_way_to_share(org: Org, access: CrmAccess) -> None:
    colleague = make_member(org)
    view = make_view(access, sharing="chosen", role_ids=[colleague.membership.role_id])
    assert as_person(colleague).get(url(org, f"Contacts/?view={view.pk}")).status_code == 200
    other = Role.objects.create(org=org, name="Other")
    elsewhere = make_view(access, sharing="chosen", role_ids=[other.pk])
    assert as_person(colleague).get(url(org, f"Contacts/?view={elsewhere.pk}")).status_code == 404


def test_only_its_owner_or_an_administrator_changes_a_view(org: Org, access: CrmAccess) -> None:
    owner, other = make_member(org), make_member(org)
    view = make_view(owner, sharing="everyone")
    renamed = {"name": "改名", "sharing": "everyone"}
    assert as_person(other).post(url(org, f"Contacts/views/{view.pk}"), renamed, headers=HTMX).status_code == 404
    assert as_person(other).post(url(org, f"Contacts/views/{view.pk}/deletion"), headers=HTMX).status_code == 404
    for person in (owner, access):
        assert as_person(person).post(url(org, f"Contacts/views/{view.pk}"), renamed, headers=HTMX).status_code == 204


def test_a_changed_view_says_so_and_is_saved_under_its_name(org: Org, page: Client, access: CrmAccess) -> None:
    view = make_view(access, "Deals")
    changed = {"view": str(view.pk), "sort": "-Amount"}
    assert page.get(url(org, "Deals/"), {**changed, "layout": "table"}).context["choice"].is_changed
    assert led_to(page.post(url(org, f"Deals/views/{view.pk}/content"), changed, headers=HTMX)) == {
        "view": str(view.pk)
    }
    assert not page.get(url(org, "Deals/"), changed).context["choice"].is_changed
    view.refresh_from_db()
    assert view.sort == "-Amount"


def test_a_deleted_view_comes_back_with_undo(org: Org, page: Client, access: CrmAccess) -> None:
    view = make_view(access)
    page.post(url(org, f"Contacts/views/{view.pk}/deletion"), headers=HTMX)
    assert page.get(url(org, f"Contacts/?view={view.pk}")).status_code == 404
    page.post(url(org, f"Contacts/views/{view.pk}/restoration"), headers=HTMX)
    assert page.get(url(org, f"Contacts/?view={view.pk}")).status_code == 200


def test_the_list_begins_with_ones_own_default_until_that_is_gone(org: Org, page: Client, access: CrmAccess) -> None:
    view = make_view(access)
    page.post(url(org, "Contacts/views/default"), {"view": str(view.pk)}, headers=HTMX)
    page.post(url(org, "Contacts/views/pin"), {"view": "mine"}, headers=HTMX)
    context = page.get(url(org, "Contacts/")).context
    assert context["view"].key == str(view.pk)
    assert [pinned.key for pinned in context["views"].pinned] == ["mine"]
    page.post(url(org, f"Contacts/views/{view.pk}/deletion"), headers=HTMX)
    assert page.get(url(org, "Contacts/")).context["view"].key == "all"


def test_a_view_whose_field_was_removed_says_so_and_still_opens(org: Org, page: Client, access: CrmAccess) -> None:
    view = make_view(access, "Deals", WON, columns=["Type", "Stage"], sort="Type", sharing="everyone")
    Field.objects.filter(org=org, api_name="Stage", module__api_name="Deals").delete()
    org.schema_version = "33333333-3333-4333-8333-333333333333"
    org.save()
    make_record(org, "Contacts")
    context = page.get(url(org, f"Deals/?view={view.pk}")).context
    assert len(context["problems"]) == 1
    assert [column.name for column in context["columns"]] == ["Type"]


def build(*rows: tuple[str, str, list[str]], join: str = "and") -> dict[str, Any]:
    """What the builder sends for one group of conditions."""
    sent: dict[str, Any] = {"view": "all", "group": ["g"], "join-g": join, "join": "and", "row": []}
    for number, (field, operator, values) in enumerate(rows):
        sent["row"].append(f"g:{number}")
        sent |= {f"field-{number}": field, f"operator-{number}": operator, f"value-{number}": values}
    return sent


def test_the_builder_leads_to_the_list_with_what_was_built(org: Org, page: Client) -> None:
    make_record(org, "Deals", Deal_Name="large", Amount="5000000")
    make_record(org, "Deals", Deal_Name="won", Stage="Closed Won")
    make_record(org, "Deals", Deal_Name="small", Amount="1")
    sent = build(("Amount", "ge", ["１,000,000円"]), ("Stage", "any_of", ["Closed Won"]), join="or")
    query = led_to(page.post(url(org, "Deals/views/filter"), sent, headers=HTMX))
    assert names_in(page, url(org, "Deals/?") + urlencode(query)) == {"large", "won"}
    again = page.get(url(org, "Deals/views/filter"), query, headers=HTMX)
    assert [row.field for group in again.context["groups"] for row in group.rows] == ["Amount", "Stage"]


def test_the_builder_keeps_what_was_typed_and_says_what_is_wrong(org: Org, page: Client) -> None:
    sent = build(("Amount", "ge", ["たくさん"]), ("Stage", "any_of", ["Closed Won"]))
    answer = page.post(url(org, "Deals/views/filter"), sent, headers=HTMX)
    assert answer.status_code == 422
    assert "たくさん" in answer.content.decode()
    rows = [row for group in answer.context["groups"] for row in group.rows]
    assert [bool(row.refusal) for row in rows] == [True, False]


@pytest.mark.parametrize("module", ["Contacts", "Deals", "Accounts", "Leads", "Products"])
def test_the_builder_has_a_row_for_every_field_and_every_question(org: Org, page: Client, module: str) -> None:
    answer = page.get(url(org, f"{module}/views/filter"), {"view": "all"}, headers=HTMX)
    for _label, subjects in answer.context["sections"]:
        for subject in subjects:
            row = page.get(
                url(org, f"{module}/views/filter/row"), {"row": "g:1", "field-1": subject.name}, headers=HTMX
            )
            assert row.status_code == 200
            assert row.context["row"].operators


def test_columns_are_chosen_and_put_in_order(org: Org, page: Client) -> None:
    sent = {"view": "all", "column": ["Owner", "Created_Time", "Amount"]}
    query = led_to(page.post(url(org, "Deals/views/columns"), sent, headers=HTMX))
    assert query["columns"] == "Owner,Created_Time,Amount"
    shown = page.get(url(org, "Deals/"), {**query, "layout": "table"}).context["columns"]
    assert [column.name for column in shown] == ["Owner", "Created_Time", "Amount"]


def test_the_menu_counts_the_views(org: Org, page: Client, access: CrmAccess) -> None:
    make_record(org, "Deals", Stage="Closed Won")
    view = make_view(access, "Deals", WON)
    counted = dict(page.get(url(org, "Deals/views/counts"), headers=HTMX).context["counted"])
    assert counted[str(view.pk)] == (1, True)
    assert counted["open"] == (0, True)


def test_a_list_with_a_filter_costs_the_same_queries_however_many_views_and_records(
    org: Org, page: Client, access: CrmAccess
) -> None:
    address = url(org, f"Deals/?layout=table&view={make_view(access, 'Deals', WON).pk}")
    make_record(org, "Deals", Stage="Closed Won")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page.get(address).status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(10):
        make_view(access, "Deals", WON, sharing="everyone")
        make_record(org, "Deals", Deal_Name=f"D{number}", Stage="Closed Won")
    assert count() == few


def test_an_address_that_was_cut_off_is_told_so(org: Org, page: Client) -> None:
    assert page.get(url(org, "Deals/"), {"filter": '{"v":1,"gro'}).status_code == 400


def test_a_cell_becomes_its_input_and_a_cell_again(org: Org, page: Client) -> None:
    record = make_record(org, Title="主任")
    address = url(org, f"Contacts/{record.pk}/fields/Title?cell")
    editor = page.get(address, headers=HTMX)
    assert "<td" in editor.content.decode()
    refused = page.post(address, {"Title": "x" * 200, "was": editor.context["was"]}, headers=HTMX)
    assert refused.status_code == 422
    saved = page.post(address, {"Title": "課長", "was": editor.context["was"]}, headers=HTMX)
    assert saved.content.decode().startswith("<td")
    assert "課長" in saved.content.decode()


def test_who_may_not_edit_finds_no_cell_to_type_in(org: Org) -> None:
    reader = as_person(make_member(org, permissions=["see_all_records"]))
    record = make_record(org, Title="主任")
    assert "data-edit" not in reader.get(url(org, "Contacts/?view=all")).content.decode()
    assert reader.get(url(org, f"Contacts/{record.pk}/fields/Title?cell"), headers=HTMX).status_code == 403


def test_a_list_that_takes_too_long_is_given_up_and_says_what_helps(
    page: Client, org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_record(org, "Contacts", Last_Name="高瀬")
    make_record(org, "Deals")
    monkeypatch.setattr(list_pages, "_PATIENCE_MILLISECONDS", 20)
    slowly = list_queries.chosen_records
    for place in (list_queries, list_pages):
        monkeypatch.setattr(
            place, "chosen_records", lambda *asked: slowly(*asked).extra(where=["pg_sleep(2) IS NOT NULL"])
        )
    for address in (url(org, "Contacts/?q=高瀬"), url(org, "Deals/?layout=board")):
        answer = page.get(address)
        assert answer.status_code == 200
        assert "時間がかかりすぎています" in answer.content.decode()
        assert "高瀬" not in address or 'value="高瀬"' in answer.content.decode(), "what was asked stays"
