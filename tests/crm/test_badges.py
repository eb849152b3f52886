"""Choices with a colour look the same wherever they are shown."""

from typing import Any

import pytest
from django.test import Client

from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.badges import badges_of
from tests.makers.crm import make_record

pytestmark = pytest.mark.django_db


def colour(org: Org, module: str, name: str, **tones: str) -> None:
    field = Field.objects.get(org=org, module__api_name=module, api_name=name)
    for choice in field.options["choices"]:
        if tone := tones.get(choice["value"].replace(" ", "_")):
            choice["colour"] = tone
    field.save()
    Org.objects.filter(pk=org.pk).update(schema_version="11111111-1111-4111-8111-111111111111")
    org.refresh_from_db()


def badges(org: Org, module: str, name: str, value: Any) -> list[tuple[str, str]]:
    schema = schema_of(org)[module]
    return [(str(badge.label), badge.tone) for badge in badges_of(schema, schema.fields[name], value)]


def test_a_choice_with_a_colour_is_a_badge_and_others_are_text(org: Org) -> None:
    colour(org, "Deals", "Type", New_Business="plum")
    assert [tone for _label, tone in badges(org, "Deals", "Type", "New Business")] == ["plum"]
    assert badges(org, "Deals", "Type", "Existing Business") == []
    assert badges(org, "Deals", "Type", None) == []
    assert badges(org, "Deals", "Deal_Name", "x") == []


def test_a_stage_has_its_own_colour_or_that_of_its_type(org: Org) -> None:
    assert [tone for _label, tone in badges(org, "Deals", "Stage", "Qualification")] == ["blue"]
    assert [tone for _label, tone in badges(org, "Deals", "Stage", "Closed Won")] == ["green"]
    colour(org, "Deals", "Stage", Qualification="amber")
    assert [tone for _label, tone in badges(org, "Deals", "Stage", "Qualification")] == ["amber"]


def test_the_colour_shows_in_the_list_on_the_page_in_related_lists_and_on_the_board(org: Org, page: Client) -> None:
    colour(org, "Deals", "Type", New_Business="plum")
    account = make_record(org, "Accounts")
    deal = make_record(org, "Deals", Type="New Business", Account_Name=account.pk)
    badge = '<span class="k-pill is-plum">'
    base = f"/crm/{org.pk}/Deals/"
    assert badge in page.get(f"{base}?layout=table&columns=Type").text
    assert badge in page.get(f"{base}?layout=board").text
    assert badge in page.get(f"{base}{deal.pk}/").text
    assert badge in page.get(f"{base}?layout=table&columns=Type,Stage").text
