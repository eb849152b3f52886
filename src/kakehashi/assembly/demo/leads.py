"""People who have asked about the products and are not customers yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.names import PersonName, japanese_name, name_abroad
from kakehashi.assembly.demo.places import Place, place_abroad, place_in_japan
from kakehashi.assembly.demo.staff import SALES

_STATUSES = ("Not Contacted", "Attempted to Contact", "Contacted", "Contact in Future", "Pre-Qualified")
_SOURCES = ("Trade Show", "Web Download", "Web Research", "Internal Seminar", "Partner", "Advertisement")
_RATINGS = ("", "Active", "Acquired")

_COMPANIES = """
株式会社みそら食品 misora-foods Food|白羽運輸株式会社 shiraha-unyu Log|あけぼの台保育園 akebonodai Edu|合同会社ひなげし農園 hinageshi Farm|くらげ堂製菓株式会社 kuragedo Food
医療法人かたくり会 katakuri-kai Med|株式会社ほたる湯リゾート hotaruyu Hot|碧海原水産有限会社 aomihara Food|株式会社カワセミ精機 kawasemi-seiki Man|ならの葉図書館 naranoha Edu
株式会社夜明け前珈琲 yoakemae Food|雷鳥山荘 raicho-sanso Hot|株式会社トキワ硝子 tokiwa-glass Man|有限会社いろは魚店 iroha-uo Ret|株式会社北辰低温 hokushin-teion Log
学校法人みずき学舎 mizuki-gakusha Edu|さざなみ薬局 sazanami-yakkyoku Med|株式会社オリーブの丘 olive-oka Farm|紫雲酒造合資会社 shiun-sake Food|株式会社つぐみ生花 tsugumi-hana Ret
株式会社水晶堂バイオ suishodo-bio Med|まほろば美術館 mahoroba-art Edu|株式会社すばる電装 subaru-denso-works Man|あまつぶ養鶏場 amatsubu Farm
"""
_ABROAD = """
Hawthorn Dairy|hawthorndairy|Food;Eastmoor Vaccines|eastmoorvaccines|Med;Pinecliff Cold Storage|pinecliffcold|Log;Rosedene School|rosedene|Edu;Sundhamn Fisk|sundhamnfisk|Food;Brightwater Labs|brightwaterlabs|Med
"""
_INDUSTRIES = {
    "Food": "Food and Beverage", "Log": "Logistics", "Edu": "Education", "Farm": "Agriculture", "Med": "Healthcare",
    "Hot": "Hospitality", "Man": "Manufacturing", "Ret": "Retail",
}  # fmt: skip
_WISHES = (
    "展示会で名刺を交換。冷蔵庫6台の記録を紙から替えたい。",
    "資料をダウンロード。来期の予算で検討。",
    "セミナーに参加。HACCPの記録に関心。",
    "電波が届くか不安とのこと。デモ機を提案。",
    "",
)
_WISHES_ABROAD = ("Met at the trade fair, wants to replace paper logs.", "Downloaded the GDP guide.", "")


@dataclass(frozen=True, slots=True)
class Lead:
    key: int
    name: PersonName
    company: str
    email: str
    phone: str
    place: Place
    industry: str
    status: str
    source: str
    rating: str
    owner: str
    description: str
    language: str


def make_leads() -> tuple[Lead, ...]:
    chance = stream("leads")
    japanese = [(entry.split(), "ja") for line in _COMPANIES.strip().splitlines() for entry in line.split("|")]
    abroad = [(entry.split("|"), "en") for entry in _ABROAD.strip().split(";")]
    firms = enumerate([*japanese, *abroad], start=1)
    return tuple(_lead(key, firm, language, chance) for key, (firm, language) in firms)


def _lead(key: int, firm: Sequence[str], language: str, chance: Random) -> Lead:
    company, domain, industry = firm
    is_japanese = language == "ja"
    name = japanese_name(chance) if is_japanese else name_abroad(chance)
    place = place_in_japan(chance) if is_japanese else place_abroad(chance)
    return Lead(
        key=key,
        name=name,
        company=company,
        email=f"{name.given_latin}.{name.family_latin}@{domain}.example",
        phone=place.phone(chance),
        place=place,
        industry=_INDUSTRIES[industry],
        status=chance.choice(_STATUSES),
        source=chance.choice(_SOURCES),
        rating=chance.choice(_RATINGS),
        owner=chance.choice(SALES[:2]) if is_japanese else "hart",
        description=chance.choice(_WISHES if is_japanese else _WISHES_ABROAD),
        language=language,
    )
