"""What speaks against a match although the two have a key in common (lessons A3, A5, A11)."""

import pytest

from kakehashi.bridge.sync.doubts import is_doubtful


@pytest.mark.parametrize(
    ("here", "there", "doubtful"),
    [
        ("一郎", "花子", True),
        ("健一", "健", False),
        ("美咲", "Misaki", False),
        ("ケンジ", "けんじ", False),
        ("Michael", "M.", False),
        ("Michael", "Susan", True),
        ("美咲", "", False),
        (None, "美咲", False),
    ],
)
def test_given_names_that_contradict(here: str | None, there: str, doubtful: bool) -> None:
    crm, desk = {"First_Name": here, "Last_Name": "田中"}, {"firstName": there, "lastName": "田中"}
    assert is_doubtful("contacts", crm, desk) is doubtful


@pytest.mark.parametrize(("address", "doubtful"), [("info@x.example", True), ("sato@x.example", False)])
def test_family_names_count_at_the_address_of_a_desk_only(address: str, doubtful: bool) -> None:
    """At one's own address another family name is a wedding."""
    assert is_doubtful("contacts", {"Last_Name": "田中"}, {"lastName": "佐藤", "email": address}) is doubtful


@pytest.mark.parametrize(
    ("city", "phone", "doubtful"),
    [("札幌市", "", True), ("札幌市", "+81 258 00 1147", False), ("新潟県長岡市", "", False), ("", "", False)],
)
def test_another_city_without_the_same_telephone(city: str, phone: str, doubtful: bool) -> None:
    crm = {"Billing_City": "長岡市", "Phone": "0258-00-1147"}
    assert is_doubtful("accounts", crm, {"city": city, "phone": phone}) is doubtful
