"""What Minamo Keisoku is selling to whom, and what it has sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from kakehashi.assembly.demo.catalogue import BY_CODE
from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.companies import Company
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.office_hours import JAPAN
from kakehashi.assembly.demo.trades import TRADES

COUNT = 62
_STAGES = (
    ("Qualification", 10), ("Needs Analysis", 20), ("Value Proposition", 40), ("Identify Decision Makers", 60),
    ("Proposal/Price Quote", 75), ("Negotiation/Review", 90), ("Closed Won", 100), ("Closed Lost", 0),
)  # fmt: skip
_STAGE_WEIGHTS = (7, 7, 5, 4, 9, 6, 19, 5)
_LOSSES = ("Price", "Lack of response", "Competition", "Future Interest")

_ANY = tuple(TRADES)
_THINGS = (
    ("第2工場 ロガー増設", "TL-200", (40, 180), ("food", "electronics", "pharma")),
    ("第1工場 リプレース", "TL-200", (30, 120), ("food", "electronics", "pharma", "print")),
    ("仕込み蔵の温度監視", "TL-200", (8, 40), ("brewery",)),
    ("冷凍車 車載ロガー導入", "GW-20", (6, 30), ("logistics", "food", "retail")),
    ("クラウド監視 年間更新", "CM-PR", (240, 900), _ANY),
    ("クラウド監視 プレミアムへ変更", "CM-PR", (180, 720), _ANY),
    ("超低温フリーザー監視", "PB-80", (8, 40), ("pharma", "laboratory", "hospital")),
    ("ワクチン保冷庫の監視", "TL-200", (6, 30), ("hospital",)),
    ("倉庫の温湿度監視", "TH-300", (20, 90), ("logistics", "print", "retail", "electronics")),
    ("栽培ハウス CO2監視", "CL-400", (8, 36), ("farm",)),
    ("出荷場の温度管理", "TL-200", (8, 30), ("farm",)),
    ("収蔵庫・理科室の温湿度管理", "TH-300", (10, 40), ("school",)),
    ("施工先向けロガー 年間供給", "TL-100", (100, 400), ("facility",)),
    ("校正サービス 年間契約", "CAL-1", (12, 80), _ANY),
    ("新センター 一式", "GW-10", (10, 60), ("logistics", "retail")),
    ("全店舗 冷蔵ケース監視", "TL-200", (60, 300), ("retail",)),
)
_THINGS_ABROAD = (
    ("Second site roll-out", "TL-200", (40, 160), _ANY),
    ("Cold chain pilot", "GW-20", (4, 16), ("logistics", "food", "pharma", "retail")),
    ("Cloud renewal", "CM-PR", (240, 900), _ANY),
    ("Freezer monitoring", "PB-80", (8, 40), ("pharma", "laboratory", "hospital")),
    ("Warehouse humidity", "TH-300", (20, 80), ("logistics", "retail", "food")),
    ("Glasshouse CO2", "CL-400", (8, 36), ("farm",)),
    ("Yearly calibration", "CAL-1", (12, 60), _ANY),
)
_STEPS = ("見積もりの提示", "現地の電波測定", "稟議の結果待ち", "デモ機の貸し出し", "契約書の送付", "担当役員への説明")
_STEPS_ABROAD = ("Send the quote", "Site survey", "Waiting for approval", "Demo kit on loan", "Draft contract")


@dataclass(frozen=True, slots=True)
class Deal:
    key: int
    name: str
    company: Company
    contact: Customer
    product: str
    stage: str
    probability: int
    amount: int
    closing: date
    kind: str
    source: str
    next_step: str
    loss: str

    @property
    def is_open(self) -> bool:
        return not self.stage.startswith("Closed")


def make_deals(companies: Sequence[Company], contacts: Sequence[Customer], now: datetime) -> tuple[Deal, ...]:
    chance = stream("deals")
    today = now.astimezone(JAPAN).date()
    firsts = {contact.company.key: contact for contact in reversed(contacts)}
    deals = [_honoured(key, firsts, today) for key in range(1, len(_HONOURED) + 1)]
    others = [company for company in companies if company.key > len(_HONOURED_COMPANIES)]
    taken: set[str] = set()
    for company in chance.choices(others, weights=[company.fame for company in others], k=COUNT - len(deals)):
        deals.append(_deal(len(deals) + 1, company, firsts[company.key], taken, today, chance))
    return tuple(deals)


_HONOURED = (
    (1, "第2工場 ロガー増設", "TL-200", "Proposal/Price Quote", 75, 4_860_000, 9),
    (1, "クラウド監視 年間更新", "CM-PR", "Negotiation/Review", 90, 1_320_000, 24),
    (1, "第1工場 リプレース", "TL-200", "Closed Won", 100, 3_240_000, -142),
    (2, "冷凍車 車載ロガー導入", "GW-20", "Closed Won", 100, 2_860_000, -61),
    (2, "低温倉庫 温度監視", "TL-200", "Closed Won", 100, 3_120_000, -205),
    (2, "クラウド監視 年間更新", "CM-PR", "Closed Won", 100, 1_960_000, -18),
    (3, "恒温槽の監視", "TH-300", "Needs Analysis", 20, 1_480_000, 47),
    (4, "茶園 温湿度監視", "TH-300", "Closed Won", 100, 680_000, -90),
    (6, "全社モニタリング基盤", "INS-1", "Identify Decision Makers", 60, 12_400_000, 66),
)
_HONOURED_COMPANIES = {1, 2, 3, 4, 5, 6, 7, 8}


def _honoured(key: int, firsts: dict[int, Customer], today: date) -> Deal:
    """Deals that the product's pictures show."""
    company, name, product, stage, probability, amount, days = _HONOURED[key - 1]
    contact = firsts[company]
    return Deal(
        key, name, contact.company, contact, product, stage, probability, amount, _weekday(today + timedelta(days=days)),
        "Existing Business", contact.source, "" if probability == 100 else _STEPS[key % len(_STEPS)], "",
    )  # fmt: skip


def _deal(key: int, company: Company, contact: Customer, taken: set[str], today: date, chance: Random) -> Deal:
    is_japanese = company.language == "ja"
    things = [
        thing
        for thing in (_THINGS if is_japanese else _THINGS_ABROAD)
        if company.trade.key in thing[3] and f"{company.key} {thing[0]}" not in taken
    ]
    thing, product, (least, most), _trades = chance.choice(things)
    taken.add(f"{company.key} {thing}")
    stage, probability = chance.choices(_STAGES, weights=_STAGE_WEIGHTS)[0]
    is_open = not stage.startswith("Closed")
    days = chance.randrange(4, 120) if is_open else -chance.randrange(3, 260)
    amount = BY_CODE[product].price * chance.randrange(least, most)
    return Deal(
        key=key,
        name=thing,
        company=company,
        contact=contact,
        product=product,
        stage=stage,
        probability=probability,
        amount=round(amount, -4),
        closing=_weekday(today + timedelta(days=days)),
        kind=chance.choice(("Existing Business", "New Business")),
        source=contact.source,
        next_step=chance.choice(_STEPS if is_japanese else _STEPS_ABROAD) if is_open else "",
        loss=chance.choice(_LOSSES) if stage == "Closed Lost" else "",
    )


def _weekday(day: date) -> date:
    """That day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
