"""People who write to the support and whom the CRM does not know yet."""

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.companies import Company
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.names import japanese_name, name_abroad
from kakehashi.assembly.demo.places import place_abroad, place_in_japan
from kakehashi.assembly.demo.trades import TRADES

FIRST_KEY = 10_001

_WHO = (
    ("ゆづきカフェ", "hello@yuzuki-cafe.example", "ja", "food"),
    ("凪ブルワリー", "info@nagi-brewery.example", "ja", "brewery"),
    ("星見ヶ丘小学校", "jimu@hoshimigaoka.example", "ja", "school"),
    ("パン工房こむぎ星", "shop@komugiboshi.example", "ja", "food"),
    ("うみかぜ保育園", "office@umikaze-hoiku.example", "ja", "school"),
    ("そよぎ歯科医院", "uketsuke@soyogi-dental.example", "ja", "hospital"),
    ("山ノ音ワイナリー", "cellar@yamanone-wine.example", "ja", "brewery"),
    ("花屋ルピナス", "order@lupinus-flowers.example", "ja", "retail"),
    ("みちくさ養蜂場", "info@michikusa-honey.example", "ja", "farm"),
    ("おりづる引越便", "haisha@orizuru-moving.example", "ja", "logistics"),
    ("Bluefern Bakery", "hello@bluefernbakery.example", "en", "food"),
    ("Old Quay Brewing", "info@oldquaybrewing.example", "en", "retail"),
)


def is_stranger(customer: Customer) -> bool:
    return customer.key >= FIRST_KEY


def make_strangers() -> tuple[Customer, ...]:
    return tuple(_stranger(FIRST_KEY + position, *who) for position, who in enumerate(_WHO))


def _stranger(key: int, company: str, email: str, language: str, trade: str) -> Customer:
    chance = stream(f"stranger {email}")
    place = place_in_japan(chance) if language == "ja" else place_abroad(chance)
    phone = place.phone(chance)
    firm = Company(key, company, email.split("@")[1], language, TRADES[trade], place, phone, 0, 0, "", "", 0.0)
    name = japanese_name(chance) if language == "ja" else name_abroad(chance)
    return Customer(key, name, firm, email, "", phone, "", "", "", "", "")
