"""Where a test's own `joined` is an org and a portal, `client` is their administrator's browser."""

import pytest
from django.test import Client

from tests.makers.bridge import Joined


@pytest.fixture
def client(joined: Joined) -> Client:
    client = Client()
    client.force_login(joined.administrator.person)
    return client
