"""An org's modules and fields as other code reads them: kept in memory, never stale."""

import pytest
from django.db import connection, transaction

from kakehashi.crm.modules.actions import bump_schema
from kakehashi.crm.modules.models import Module
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from tests.makers.crm import make_org

pytestmark = pytest.mark.django_db


def rename_contacts(org: Org, label: str) -> None:
    Module.objects.filter(org=org, api_name="Contacts").update(plural_label=label)
    bump_schema(org)


def test_what_was_rolled_back_is_not_remembered() -> None:
    org = make_org()
    with transaction.atomic():
        rename_contacts(org, "人々")
        assert schema_of(org)["Contacts"].plural == "人々"
        transaction.set_rollback(True)
    org.refresh_from_db()
    rename_contacts(org, "お客様")
    assert schema_of(org)["Contacts"].plural == "お客様"


def test_an_org_that_comes_by_a_used_id_is_read_anew() -> None:
    """A restored backup gives out ids a second time, while processes still remember what they read of the first."""
    with transaction.atomic():
        english = make_org(language="en")
        assert "Last_Name_Kana" not in schema_of(english)["Contacts"].fields
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('crm_org_id_seq', %s, false)", [english.pk])
    japanese = make_org(language="ja")
    assert japanese.pk == english.pk
    assert "Last_Name_Kana" in schema_of(japanese)["Contacts"].fields
