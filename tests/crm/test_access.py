import pytest
from django.test import Client

from kakehashi.crm.orgs.models import Org
from tests.makers.crm import make_administrator, make_member, make_org, make_record, make_stranger

pytestmark = pytest.mark.django_db


def test_a_stranger_gets_404_everywhere(org: Org, client: Client) -> None:
    record = make_record(org)
    client.force_login(make_stranger())
    for path in [
        "",
        "Contacts/",
        f"Contacts/{record.pk}/",
        "Contacts/new",
        "search?q=相沢",
        "settings/people",
        "imports/",
    ]:
        assert client.get(f"/crm/{org.pk}/{path}").status_code == 404, path
    assert client.post(f"/crm/{org.pk}/Contacts/{record.pk}/fields/Title", {"Title": "x"}).status_code == 404
    assert client.post(f"/crm/{org.pk}/Contacts/deletion", {"selected": record.pk}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(org: Org, client: Client) -> None:
    answer = client.get(f"/crm/{org.pk}/Contacts/")
    assert answer.status_code == 302
    assert "login" in answer["Location"] or "sign" in answer["Location"]


def test_who_lacks_a_permission_reads_who_has_it(org: Org, client: Client) -> None:
    make_administrator(org, family_name="管理", given_name="花子")
    record = make_record(org)
    member = make_member(org, permissions=["see_all_records"])
    client.force_login(member.person)
    for path in ["Contacts/new", f"Contacts/{record.pk}/edit", "Contacts/import", "settings/people"]:
        answer = client.get(f"/crm/{org.pk}/{path}")
        assert answer.status_code == 403, path
        assert "管理 花子" in answer.content.decode(), path
    assert client.post(f"/crm/{org.pk}/Contacts/{record.pk}/deletion").status_code == 403


def test_who_may_not_change_anything_is_offered_nothing(org: Org, client: Client) -> None:
    record = make_record(org)
    client.force_login(make_member(org, permissions=["see_all_records"]).person)
    page = client.get(f"/crm/{org.pk}/Contacts/{record.pk}/").content.decode()
    assert "fields/" not in page
    assert f"/Contacts/{record.pk}/edit" not in page
    assert f"/Contacts/{record.pk}/deletion" not in page


def test_who_sees_only_their_own_records_gets_404_for_others(org: Org, client: Client) -> None:
    member = make_member(org, permissions=["create_records"])
    mine = make_record(org, actor=member.actor, Last_Name="自分")
    other = make_record(org, Last_Name="他人")
    client.force_login(member.person)
    page = client.get(f"/crm/{org.pk}/Contacts/").content.decode()
    assert "自分" in page
    assert "他人" not in page
    assert client.get(f"/crm/{org.pk}/Contacts/{mine.pk}/").status_code == 200
    assert client.get(f"/crm/{org.pk}/Contacts/{other.pk}/").status_code == 404
    assert (
        "他人"
        not in client.get(f"/crm/{org.pk}/search?q=他人", headers={"HX-Request": "true"})
        .content.decode()
        .split("<hr>")[0]
    )


def test_a_former_member_is_a_stranger(org: Org, client: Client) -> None:
    member = make_member(org)
    member.membership.is_active = False
    member.membership.save()
    client.force_login(member.person)
    assert client.get(f"/crm/{org.pk}/Contacts/").status_code == 404


def test_the_last_administrator_stays_one(client: Client) -> None:
    org = make_org()
    administrator = org.memberships.get()
    client.force_login(administrator.person)
    standard = org.profiles.get(is_administrator=False)
    answer = client.post(f"/crm/{org.pk}/settings/people/{administrator.pk}/", {"profile": standard.pk})
    assert answer.status_code == 422
    administrator.refresh_from_db()
    assert administrator.profile.is_administrator
