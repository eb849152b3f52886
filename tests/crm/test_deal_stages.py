"""An org's own list of stages."""

import pytest
from django.test import Client

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.models import Event
from kakehashi.crm.deal_stages.actions import add_stage, change_stage, offer_stage, order_stages, retire_stage
from kakehashi.crm.deal_stages.jobs import follow_stage_in_deals, replace_stage_in_deals
from kakehashi.crm.deals.stages import Stage, StageType, all_stages, is_won, stages_of
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import update_record
from tests.makers.crm import make_administrator, make_member, make_record

pytestmark = pytest.mark.django_db
OWN = {"label": "試用", "kind": StageType.OPEN, "probability": 35, "colour": "plum"}


def stages(org: Org) -> dict[str, Stage]:
    org.refresh_from_db()
    return {stage.value: stage for stage in stages_of(schema_of(org)["Deals"])}


def test_a_new_stage_stands_before_the_closed_ones_under_the_name_as_typed(org: Org) -> None:
    add_stage(org, **OWN, actor=SYSTEM)
    assert list(stages(org))[-4:] == ["試用", "Closed Won", "Closed Lost", "Closed Lost to Competition"]
    deal = make_record(org, "Deals", Stage="試用", Amount="1000")
    assert (deal.values["Probability"], deal.values["Expected_Revenue"]) == ("35", "350")


def test_a_renamed_stage_keeps_what_is_stored_in_deals(org: Org) -> None:
    deal = make_record(org, "Deals", Stage="Qualification")
    change_stage(org, "Qualification", **{**OWN, "label": "初回面談", "probability": 10}, actor=SYSTEM)
    deal.refresh_from_db()
    assert deal.values["Stage"] == "Qualification"
    assert str(stages(org)["Qualification"].label) == "初回面談"
    assert update_record(deal, values={"Stage": "初回面談"}, actor=SYSTEM).values["Stage"] == "Qualification"


def test_what_zoho_calls_them_is_kept_in_the_fields_options(org: Org) -> None:
    add_stage(org, **{**OWN, "kind": StageType.WON}, actor=SYSTEM)
    choices = Field.objects.get(org=org, module__api_name="Deals", api_name="Stage").options["choices"]
    entry = next(entry for entry in choices if entry["value"] == "試用")
    assert (entry["probability"], entry["forecast_type"], entry["deal_category"]) == (100, "Closed Won", "Closed Won")
    assert is_won(schema_of(org)["Deals"], "試用")


def test_deals_follow_a_new_probability_but_ones_own_stays(org: Org) -> None:
    follows = make_record(org, "Deals", Stage="Qualification")
    own = make_record(org, "Deals", Stage="Qualification", Probability="45")
    change_stage(org, "Qualification", **{**OWN, "label": "見極め", "probability": 15}, actor=SYSTEM)
    follow_stage_in_deals(org_id=org.pk, stage="Qualification", probability=10, person_id=None, name="高瀬 悠")
    follows.refresh_from_db()
    own.refresh_from_db()
    assert (follows.values["Probability"], own.values["Probability"]) == ("15", "45")


def test_a_retired_stage_gives_its_deals_to_another_and_keeps_its_name(org: Org) -> None:
    deal = make_record(org, "Deals", Stage="Needs Analysis")
    retire_stage(org, "Needs Analysis", replacement="Value Proposition", actor=SYSTEM)
    assert "Needs Analysis" not in stages(org)
    assert all_stages(schema_of(org)["Deals"])["Needs Analysis"].is_retired
    for _twice in range(2):
        replace_stage_in_deals(org.pk, "Needs Analysis", "Value Proposition", None, "高瀬 悠")
    deal.refresh_from_db()
    assert (deal.values["Stage"], deal.values["Probability"], deal.version) == ("Value Proposition", "40", 2)
    offer_stage(org, "Needs Analysis", actor=SYSTEM)
    assert "Needs Analysis" in stages(org)


def test_there_is_always_a_stage_of_each_type(org: Org) -> None:
    with pytest.raises(InvalidValues):
        retire_stage(org, "Closed Won", replacement="Closed Lost", actor=SYSTEM)
    with pytest.raises(InvalidValues):
        change_stage(org, "Closed Won", **OWN, actor=SYSTEM)


def test_stages_are_put_into_another_order(org: Org) -> None:
    order_stages(org, ["Closed Won", "Qualification"], actor=SYSTEM)
    assert list(stages(org))[:2] == ["Closed Won", "Qualification"]
    assert len(stages(org)) == 9


def test_two_stages_never_have_one_name(org: Org) -> None:
    add_stage(org, **OWN, actor=SYSTEM)
    with pytest.raises(InvalidValues):
        add_stage(org, **OWN, actor=SYSTEM)


def test_the_settings_are_for_who_may_customise_modules(org: Org, client: Client) -> None:
    client.force_login(make_member(org).person)
    assert client.get(f"/crm/{org.pk}/settings/stages").status_code == 403
    client.force_login(make_administrator(org).person)
    base = f"/crm/{org.pk}/settings/stages"
    assert client.post(f"{base}/new", {"label": "", "kind": "Open", "colour": "blue"}).status_code == 422
    made = client.post(f"{base}/new", {"label": "試用", "kind": "Open", "probability": 35, "colour": "plum"})
    assert made.status_code == 302
    assert (
        client.post(f"{base}/one?stage=試用", {"label": "お試し", "kind": "Open", "probability": "101"}).status_code
        == 422
    )
    saved = client.post(
        f"{base}/one?stage=試用", {"label": "お試し", "kind": "Open", "probability": "50", "colour": "red"}
    )
    assert saved.status_code == 302
    assert (stages(org)["試用"].probability, stages(org)["試用"].colour) == (50, "red")
    assert client.post(f"{base}/retirement?stage=試用", {"replacement": "Qualification"}).status_code == 302
    assert "お試し" in client.get(base).content.decode()
    assert client.post(f"{base}/offer?stage=試用").status_code == 302
    client.post(f"{base}/order", {"order": ["試用"]})
    assert next(iter(stages(org))) == "試用"


@pytest.mark.parametrize(("deals", "told"), [(0, "商談はありません"), (2, "2件の商談")])
def test_before_a_stage_is_retired_its_deals_are_counted(org: Org, client: Client, deals: int, told: str) -> None:
    for _each in range(deals):
        make_record(org, "Deals", Stage="Needs Analysis")
    client.force_login(make_administrator(org).person)
    page = client.get(f"/crm/{org.pk}/settings/stages/retirement?stage=Needs+Analysis")
    assert told in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_every_change_is_in_the_log(org: Org) -> None:
    add_stage(org, **OWN, actor=SYSTEM)
    assert Event.objects.filter(topic="crm.stage.added", tenant=org.tenant).count() == 1


def test_a_standard_stage_that_was_only_recoloured_keeps_its_name_in_both_languages(org: Org) -> None:
    label = str(stages(org)["Qualification"].label)
    change_stage(org, "Qualification", **{**OWN, "label": label}, actor=SYSTEM)
    choices = Field.objects.get(org=org, module__api_name="Deals", api_name="Stage").options["choices"]
    assert not choices[0].get("label")
