"""A person who belongs to several companies is a customer of each."""

import pytest

from kakehashi.bridge.related_lists.queries import party_of
from kakehashi.bridge.sides.directory import crm_side
from tests.makers.bridge import make_joined
from tests.makers.crm import make_record

pytestmark = [pytest.mark.django_db, pytest.mark.spec("R3")]


def test_the_tickets_of_a_person_belong_to_their_other_accounts_too() -> None:
    joined = make_joined()
    main, other = (make_record(joined.org, "Accounts") for _account in range(2))
    make_record(joined.org, Email="a@a.example", Account_Name=main.pk, Other_Accounts=[other.pk])
    crm = crm_side(joined.org.pk)
    for account in (main, other):
        assert party_of(joined.connection, crm, crm.fetch("Accounts", [account.pk])[account.pk]).emails == (
            "a@a.example",
        )
