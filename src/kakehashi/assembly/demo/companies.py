"""The customers' companies: made of invented place names and a trade, so that none of them exists."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.places import Place, place_abroad, place_in_japan
from kakehashi.assembly.demo.trades import (
    HONOURED,
    LEGAL_FORMS,
    STEMS,
    STEMS_ABROAD,
    TRADES,
    TRADES_ABROAD,
    WITHOUT_LEGAL_FORM,
    Trade,
)

JAPANESE_COUNT = 168
ABROAD_COUNT = 32
_PICTURED_PHONE = "0258-00-1140"


@dataclass(frozen=True, slots=True)
class Company:
    """`fame` weighs how often it writes to the support: a few customers ask a lot, most ask now and then."""

    key: int
    name: str
    domain: str
    language: str
    trade: Trade
    place: Place
    phone: str
    employees: int
    revenue: int
    customer_type: str
    description: str
    fame: float

    @property
    def website(self) -> str:
        return f"https://www.{self.domain}"


def make_companies() -> tuple[Company, ...]:
    chance = stream("companies")
    identities = [*_honoured(), *_japanese(chance), *_abroad(chance)]
    return tuple(_company(key, *identity, chance) for key, identity in enumerate(identities, start=1))


_Identity = tuple[str, str, str, Trade]


def _honoured() -> Iterator[_Identity]:
    """The customers that the product's pictures show, always first and always the same."""
    for name, domain, trade, _ in HONOURED:
        yield name, domain, "ja", TRADES[trade]


def _japanese(chance: Random) -> Iterator[_Identity]:
    pairs = [(stem, latin, key) for stem, latin in STEMS for key in chance.sample(sorted(TRADES), 2)]
    chance.shuffle(pairs)
    taken: set[str] = {honoured[1] for honoured in HONOURED}
    for stem, latin, key in pairs[: JAPANESE_COUNT - len(HONOURED)]:
        trade = TRADES[key]
        suffix, suffix_latin = chance.choice(trade.suffixes)
        domain = f"{latin}.example"
        if domain in taken:
            domain = f"{latin}-{suffix_latin}.example"
        taken.add(domain)
        yield _with_legal_form(f"{stem}{suffix}", trade, chance), domain, "ja", trade


def _with_legal_form(name: str, trade: Trade, chance: Random) -> str:
    return chance.choices(trade.forms, weights=trade.form_weights)[0].format(name)


def _abroad(chance: Random) -> Iterator[_Identity]:
    for stem in chance.sample(STEMS_ABROAD, ABROAD_COUNT):
        key = chance.choice(sorted(TRADES_ABROAD))
        suffix = chance.choice(TRADES_ABROAD[key])
        yield f"{stem} {suffix}", f"{stem.lower().replace(' ', '')}.example", "en", TRADES[key]


def _company(key: int, name: str, domain: str, language: str, trade: Trade, chance: Random) -> Company:
    is_honoured = key <= len(HONOURED)
    city = HONOURED[key - 1][3] if is_honoured else ""
    place = place_in_japan(chance, city) if language == "ja" else place_abroad(chance)
    if language == "en" and trade.key not in WITHOUT_LEGAL_FORM:
        name = f"{name} {LEGAL_FORMS[place.country]}"
    employees = chance.choices((12, 35, 80, 220, 640, 1_800), weights=(18, 26, 26, 18, 9, 3))[0]
    employees += chance.randrange(employees // 2 + 1)
    customer_type = chance.choices(("Customer", "Prospect", "Distributor"), weights=(78, 16, 6))[0]
    notes = trade.notes if language == "ja" else trade.notes_abroad
    return Company(
        key=key,
        name=name,
        domain=domain,
        language=language,
        trade=trade,
        place=place,
        phone=_PICTURED_PHONE if key == 1 else place.phone(chance),
        employees=employees,
        revenue=employees * chance.randrange(9, 34) * 1_000_000,
        customer_type="Customer" if is_honoured else customer_type,
        description=chance.choice(notes) if is_honoured or chance.random() < 0.5 else "",
        fame=22.0 / key if is_honoured else min(chance.paretovariate(1.6), 9.0) * (1 if language == "ja" else 1.7),
    )
