"""Settings of an org: people, profiles, roles, and handing records over."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Membership, Org, Profile, Role
from kakehashi.crm.ownership.jobs import run_transfer
from kakehashi.crm.ownership.models import Transfer
from kakehashi.crm.ownership.running import run_batches
from kakehashi.crm.records.models import Record
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_administrator, make_member, make_org, make_profile, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Org:
    return make_org(language="en")


@pytest.fixture
def admin(org: Org, client: Client) -> Client:
    client.force_login(make_administrator(org, language="en").person)
    return client


def settings_url(org: Org, path: str) -> str:
    return f"/crm/{org.pk}/settings/{path}"


# Profiles


def test_a_profile_is_copied_and_cut_down(org: Org, admin: Client) -> None:
    standard = org.profiles.get(is_administrator=False)
    admin.post(settings_url(org, "profiles"), {"name": "Inside sales", "source": standard.pk})
    made = Profile.objects.get(org=org, name="Inside sales")
    deals = schema_of(org)["Deals"]
    held = {f"{deals.id}-view": "own", f"{deals.id}-edit": "all", f"{deals.id}-create": "on", "default-view": "team"}
    assert admin.post(settings_url(org, f"profiles/{made.pk}"), {"name": "Inside", **held}).status_code == 302
    made.refresh_from_db()
    assert made.name == "Inside"
    assert made.module_rights[str(deals.id)]["view"] == "own"
    assert made.module_rights[str(deals.id)]["edit"] == "own", "nobody changes what they cannot see"
    assert made.module_rights["default"]["view"] == "team"


def test_a_change_of_a_profile_holds_at_the_next_request(org: Org, admin: Client) -> None:
    member = make_member(org, profile=make_profile(org, permissions=["see_all_records"]).name)
    record = make_record(org)
    theirs = Client()
    theirs.force_login(member.person)
    assert theirs.get(f"/crm/{org.pk}/Contacts/{record.pk}/").status_code == 200
    admin.post(settings_url(org, f"profiles/{member.membership.profile_id}"), {"name": "Blind"})
    assert theirs.get(f"/crm/{org.pk}/Contacts/{record.pk}/").status_code == 404
    assert theirs.get(f"/crm/{org.pk}/Contacts/").status_code == 404


def test_the_administrators_profile_cannot_lose_rights(org: Org, admin: Client) -> None:
    profile = org.profiles.get(is_administrator=True)
    assert admin.post(settings_url(org, f"profiles/{profile.pk}"), {"name": "x"}).status_code == 422
    assert admin.post(settings_url(org, f"profiles/{profile.pk}/deletion"), {}).status_code == 422


def test_a_field_is_hidden_but_not_one_that_every_record_needs(org: Org, admin: Client) -> None:
    profile = make_profile(org, permissions=["see_all_records"])
    fields = schema_of(org)["Accounts"].fields
    url = settings_url(org, f"profiles/{profile.pk}/fields/Accounts")
    assert admin.post(url, {f"field-{fields['Annual_Revenue'].id}": "hidden"}).status_code == 302
    assert admin.post(url, {f"field-{fields['Account_Name'].id}": "hidden"}).status_code == 422
    profile.refresh_from_db()
    assert profile.field_rights == {str(fields["Annual_Revenue"].id): "hidden"}


def test_a_profile_goes_and_its_holders_get_another(org: Org, admin: Client) -> None:
    profile = make_profile(org)
    member = make_member(org, profile=profile.name).membership
    url = settings_url(org, f"profiles/{profile.pk}/deletion")
    assert admin.post(url, {}).status_code == 422
    standard = org.profiles.get(is_system=True, is_administrator=False)
    assert admin.post(url, {"replacement": standard.pk}).status_code == 302
    member.refresh_from_db()
    assert member.profile == standard


def test_nobody_gives_more_than_they_have(org: Org, client: Client) -> None:
    manager = make_member(org, permissions=["manage_people", "see_all_records"])
    client.force_login(manager.person)
    own, top = manager.membership.profile, org.profiles.get(is_administrator=True)
    standard = org.profiles.get(is_system=True, is_administrator=False)
    member_url = settings_url(org, f"people/{manager.membership.pk}/")
    assert client.post(member_url, {"profile": top.pk}).status_code == 403
    assert client.post(member_url, {"profile": standard.pk}).status_code == 403
    assert (
        client.post(settings_url(org, f"profiles/{own.pk}"), {"default-view": "all", "default-edit": "all"}).status_code
        == 403
    )
    assert client.post(
        settings_url(org, "people"), {"emails": "a@b.example", "profile": top.pk, "role": 0}
    ).status_code in (403, 422)
    administrator = org.memberships.get(profile=top)
    assert client.post(settings_url(org, f"people/{administrator.pk}/deactivation")).status_code == 403


# Roles


def test_a_role_is_added_moved_renamed_and_deleted(org: Org, admin: Client) -> None:
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    admin.post(settings_url(org, "roles"), {"name": "East", "parent": sales.pk})
    east = Role.objects.get(org=org, name="East")
    sent = {"name": "East Japan", "parent": top.pk, "shares_with_peers": "on"}
    assert admin.post(settings_url(org, f"roles/{east.pk}"), sent).status_code == 302
    east.refresh_from_db()
    assert (east.name, east.parent, east.shares_with_peers) == ("East Japan", top, True)
    member = make_member(org).membership
    Membership.objects.filter(pk=member.pk).update(role=east)
    assert admin.post(settings_url(org, f"roles/{east.pk}/deletion"), {"replacement": sales.pk}).status_code == 302
    member.refresh_from_db()
    assert member.role == sales


def test_a_role_cannot_stand_below_itself(org: Org, admin: Client) -> None:
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    below = Role.objects.create(org=org, name="Below", parent=sales)
    answer = admin.post(settings_url(org, f"roles/{sales.pk}"), {"name": "Sales", "parent": below.pk})
    assert answer.status_code == 422
    sales.refresh_from_db()
    assert sales.parent == top


def test_the_roles_below_a_deleted_one_move_up(org: Org, admin: Client) -> None:
    top = Role.objects.get(org=org, parent=None)
    sales = Role.objects.get(org=org, parent=top)
    below = Role.objects.create(org=org, name="Below", parent=sales)
    admin.post(settings_url(org, f"roles/{sales.pk}/deletion"), {"replacement": top.pk})
    below.refresh_from_db()
    assert below.parent == top
    assert admin.post(settings_url(org, f"roles/{top.pk}/deletion"), {"replacement": below.pk}).status_code == 422


# People


def invite(admin: Client, org: Org, emails: str, status: int = 302) -> str:
    standard = org.profiles.get(is_system=True, is_administrator=False)
    role = Role.objects.filter(org=org).exclude(parent=None).first()
    sent = {"emails": emails, "profile": standard.pk, "role": role.pk if role else ""}
    answer = admin.post(settings_url(org, "people"), sent)
    assert answer.status_code == status
    return answer.content.decode()


def test_several_colleagues_are_invited_at_once(org: Org, admin: Client) -> None:
    invite(admin, org, "One@Example.com\nMisaki Aizawa <two@example.com>, one@example.com")
    assert {member.person.email for member in org.memberships.all()} >= {"one@example.com", "two@example.com"}
    assert Person.objects.get(email="two@example.com").family_name == "Aizawa"
    page = admin.get(settings_url(org, "people?state=invited")).content.decode()
    assert "one@example.com" in page
    assert "Invited" in page


def test_what_is_no_address_is_named_and_nobody_is_invited(org: Org, admin: Client) -> None:
    page = invite(admin, org, "one@example.com, nonsense", 422)
    assert "nonsense" in page
    assert not Person.objects.filter(email="one@example.com").exists()


def test_an_invitation_is_sent_again_and_withdrawn(org: Org, admin: Client) -> None:
    invite(admin, org, "one@example.com")
    member = org.memberships.get(person__email="one@example.com")
    assert admin.post(settings_url(org, f"people/{member.pk}/invitation")).status_code == 302
    assert admin.post(settings_url(org, f"people/{member.pk}/withdrawal")).status_code == 302
    member.refresh_from_db()
    assert not member.is_active
    invite(admin, org, "one@example.com")
    member.refresh_from_db()
    assert member.is_active


def test_a_deactivated_colleague_is_out_at_once_and_may_come_back(org: Org, admin: Client) -> None:
    member = make_member(org)
    theirs = Client()
    theirs.force_login(member.person)
    url = settings_url(org, f"people/{member.membership.pk}")
    assert theirs.get(f"/crm/{org.pk}/Contacts/").status_code == 200
    assert admin.post(f"{url}/deactivation").status_code == 302
    assert theirs.get(f"/crm/{org.pk}/Contacts/").status_code == 404
    assert admin.post(f"{url}/activation").status_code == 302
    assert theirs.get(f"/crm/{org.pk}/Contacts/").status_code == 200


def test_the_last_administrator_and_oneself_stay(client: Client) -> None:
    org = make_org(language="en")
    administrator = org.memberships.get()
    client.force_login(administrator.person)
    assert client.post(settings_url(org, f"people/{administrator.pk}/deactivation")).status_code == 422
    administrator.refresh_from_db()
    assert administrator.is_active


def test_people_are_found_by_name_and_filtered(org: Org, admin: Client) -> None:
    make_member(org, family_name="Aizawa", given_name="Misaki", language="en")
    page = admin.get(settings_url(org, "people?q=aiza"), headers={"HX-Request": "true"}).content.decode()
    assert "Misaki Aizawa" in page
    assert page.count("<tr>") == 2
    assert "Nobody fits" in admin.get(settings_url(org, "people?q=nobody")).content.decode()


# Handing over


def test_what_somebody_owns_is_handed_over_with_the_deactivation(org: Org, admin: Client) -> None:
    giver, taker = make_member(org), make_member(org)
    mine = [make_record(org, "Contacts", owner=giver.person), make_record(org, "Accounts", owner=giver.person)]
    other = make_record(org, "Contacts", owner=taker.person)
    page = admin.get(settings_url(org, f"people/{giver.membership.pk}/")).content.decode()
    assert "Accounts" in page
    keys = [str(record.module_id) for record in mine]
    answer = admin.post(
        settings_url(org, f"people/{giver.membership.pk}/deactivation"), {"taker": taker.membership.pk, "choice": keys}
    )
    transfer = Transfer.objects.get(org=org)
    assert answer["Location"].endswith(f"transfers/{transfer.pk}")
    run_transfer(transfer_id=transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.done_count, transfer.total, transfer.is_running) == (2, 2, False)
    assert {record.owner_id for record in Record.objects.filter(org=org)} == {taker.person.pk}
    assert "2 records were handed over" in admin.get(answer["Location"]).content.decode()
    assert other.owner_id == taker.person.pk


def test_only_open_deals_can_be_handed_over(org: Org, admin: Client) -> None:
    giver, taker = make_member(org), make_member(org)
    still_open = make_record(org, "Deals", owner=giver.person)
    won = make_record(org, "Deals", owner=giver.person, Stage="Closed Won")
    choice = [f"{still_open.module_id}:open"]
    url = settings_url(org, f"people/{giver.membership.pk}/handover")
    assert admin.post(url, {"taker": taker.membership.pk, "choice": choice}).status_code == 302
    run_transfer(transfer_id=Transfer.objects.get(org=org).pk)
    still_open.refresh_from_db()
    won.refresh_from_db()
    assert (still_open.owner_id, won.owner_id) == (taker.person.pk, giver.person.pk)


def test_a_transfer_that_was_killed_goes_on_where_it_was(
    org: Org, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.crm.ownership.running.BATCH", 1)
    giver, taker = make_member(org), make_member(org)
    records = [make_record(org, "Contacts", owner=giver.person) for _number in range(3)]
    url = settings_url(org, f"people/{giver.membership.pk}/handover")
    admin.post(url, {"taker": taker.membership.pk, "choice": [str(records[0].module_id)]})
    transfer = Transfer.objects.get(org=org)
    next(run_batches(transfer))  # and here its process dies
    run_transfer(transfer_id=transfer.pk)
    transfer.refresh_from_db()
    assert transfer.done_count == 3


def test_nothing_is_handed_over_to_nobody(org: Org, admin: Client) -> None:
    giver = make_member(org)
    record = make_record(org, owner=giver.person)
    url = settings_url(org, f"people/{giver.membership.pk}/handover")
    assert admin.post(url, {"choice": [str(record.module_id)]}).status_code == 422
    assert admin.post(url, {"taker": giver.membership.pk, "choice": [str(record.module_id)]}).status_code == 422


def test_the_lists_have_a_constant_number_of_queries(org: Org, admin: Client) -> None:
    def counts() -> list[int]:
        found = []
        for path in ("people", "profiles", "roles"):
            with CaptureQueriesContext(connection) as context:
                admin.get(settings_url(org, path))
            found.append(len(context))
        return found

    counts()  # what is remembered between requests is filled
    few = counts()
    for _number in range(5):
        make_member(org)
    assert counts() == few


def test_who_manages_people_does_not_widen_their_own_team(org: Org, client: Client) -> None:
    top = Role.objects.get(org=org, parent=None)
    low = Role.objects.create(org=org, name="Field sales", parent=top)
    manager = make_member(org, permissions=["manage_people"], language="en")
    Membership.objects.filter(pk=manager.membership.pk).update(role=low)
    Membership.objects.filter(pk=make_member(org).membership.pk).update(role=top)
    client.force_login(manager.person)
    place = {"profile": manager.membership.profile_id, "role": top.pk}
    own_url = settings_url(org, f"people/{manager.membership.pk}/")
    assert client.post(own_url, {**place, "role": low.pk}).status_code == 302
    below = Role.objects.create(org=org, name="Office", parent=low)
    peer = make_member(org)
    Membership.objects.filter(pk=peer.membership.pk).update(role=low)
    assert client.post(settings_url(org, f"roles/{low.pk}"), sharing(low)).status_code == 403
    assert client.post(own_url, place).status_code == 403
    assert client.post(own_url, {**place, "role": below.pk}).status_code == 302
    assert Membership.objects.get(pk=manager.membership.pk).role == below


def sharing(role: Role) -> dict[str, object]:
    return {"name": role.name, "parent": role.parent_id, "shares_with_peers": "on"}
