"""The customers' people."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.companies import Company
from kakehashi.assembly.demo.names import PersonName, japanese_name, name_abroad, named
from kakehashi.assembly.demo.staff import SALES

_TITLES = ("", "", "主任", "係長", "課長", "課長代理", "部長", "リーダー", "工場長", "室長")
_TITLES_ABROAD = ("", "Coordinator", "Manager", "Supervisor", "Head of department", "Engineer", "Technician")
SOURCES = (
    "Trade Show",
    "Trade Show",
    "Web Download",
    "Web Research",
    "Employee Referral",
    "Partner",
    "Internal Seminar",
)
_COUNTS, _COUNT_WEIGHTS = (1, 2, 3, 4, 5, 7), (16, 30, 26, 14, 9, 5)

_PICTURED_PHONES = ("0258-00-1147", "090-0000-2214")
_HONOURED = {
    1: "相沢 あいざわ aizawa 美咲 みさき misaki",
    2: "早川 はやかわ hayakawa 伸吾 しんご shingo",
    3: "佐久間 さくま sakuma 玲 れい rei",
    4: "西尾 にしお nishio 朔 さく saku",
    5: "三崎 みさき misaki 千尋 ちひろ chihiro",
    6: "江口 えぐち eguchi 凪 なぎ nagi",
    7: "大槻 おおつき otsuki 航 わたる wataru",
    8: "森 もり mori ひなた ひなた hinata",
}


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody at a customer's."""

    key: int
    name: PersonName
    company: Company
    email: str
    secondary_email: str
    phone: str
    mobile: str
    department: str
    title: str
    source: str
    owner: str

    @property
    def language(self) -> str:
        return self.company.language

    @property
    def full_name(self) -> str:
        return (
            f"{self.name.family} {self.name.given}"
            if self.language == "ja"
            else f"{self.name.given} {self.name.family}"
        )


def make_contacts(companies: Sequence[Company]) -> tuple[Customer, ...]:
    chance = stream("contacts")
    contacts: list[Customer] = []
    for company in companies:
        count = chance.choices(_COUNTS, weights=_COUNT_WEIGHTS)[0] + (2 if company.key in _HONOURED else 0)
        taken: set[str] = set()
        for position in range(count):
            name = _name(company, position, taken, chance)
            contacts.append(_contact(len(contacts) + 1, name, company, position, chance))
    return tuple(contacts)


def owner_of(company: Company) -> str:
    """Who of the sales people looks after a company: Emma Hart those abroad, the others by turns."""
    return "hart" if company.language == "en" else SALES[0 if company.key == 1 else company.key % 2]


def _name(company: Company, position: int, taken: set[str], chance: Random) -> PersonName:
    """Nobody has a namesake in their own company: people could not tell the demo's rows apart."""
    if position == 0 and company.key in _HONOURED:
        name = named(_HONOURED[company.key])
        taken.add(name.family)
        return name
    while True:
        name = japanese_name(chance) if company.language == "ja" else name_abroad(chance)
        if name.family not in taken:
            taken.add(name.family)
            return name


def _contact(key: int, name: PersonName, company: Company, position: int, chance: Random) -> Customer:
    is_japanese = company.language == "ja"
    phone = company.phone if chance.random() < 0.6 else company.place.phone(chance)
    mobile = company.place.mobile(chance) if chance.random() < 0.45 else ""
    if key == 1:
        phone, mobile = _PICTURED_PHONES
    departments = company.trade.departments if is_japanese else company.trade.departments_abroad
    return Customer(
        key=key,
        name=name,
        company=company,
        email=f"{name.given_latin}.{name.family_latin}@{company.domain}",
        secondary_email=_shared_address(company, position, chance),
        phone=phone,
        mobile=mobile,
        department=departments[0] if position == 0 else chance.choice(departments),
        title="主任" if key == 1 else chance.choice(_TITLES if is_japanese else _TITLES_ABROAD),
        source=chance.choice(SOURCES),
        owner=owner_of(company),
    )


def _shared_address(company: Company, position: int, chance: Random) -> str:
    """One shared mailbox at most in a company: an address of two people could not be matched."""
    if position:
        return ""
    if company.key == 1:
        return f"qa@{company.domain}"
    return f"{chance.choice(('info', 'office', 'qa'))}@{company.domain}" if chance.random() < 0.4 else ""
