"""An org, its administrator, and a browser that is signed in as them: what most tests of the CRM begin with."""

import pytest
from django.test import Client

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Org
from tests.makers.crm import make_administrator, make_org


@pytest.fixture
def org(db: None) -> Org:
    return make_org()


@pytest.fixture
def access(org: Org) -> CrmAccess:
    return make_administrator(org, family_name="高瀬", given_name="悠")


@pytest.fixture
def page(client: Client, access: CrmAccess) -> Client:
    client.force_login(access.person)
    return client
