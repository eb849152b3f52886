"""Where customers are. Towns and streets are invented; telephone numbers come from blocks that are not given out:
00 and 0000 exchanges in Japan, and abroad the ranges that each regulator keeps for films and books.
"""

from dataclasses import dataclass
from random import Random

_JAPAN = """
北海道 札幌市 011-000 060|北海道 函館市 0138-00 040|青森県 弘前市 0172-00 036|岩手県 盛岡市 019-000 020|宮城県 仙台市 022-000 980|秋田県 秋田市 018-000 010
山形県 鶴岡市 0235-00 997|福島県 郡山市 024-000 963|茨城県 つくば市 029-000 305|栃木県 宇都宮市 028-000 320|群馬県 高崎市 027-000 370|埼玉県 川越市 049-000 350
千葉県 船橋市 047-000 273|東京都 品川区 03-0000 140|東京都 江東区 03-0000 135|東京都 八王子市 042-000 192|神奈川県 横浜市 045-000 220|神奈川県 厚木市 046-000 243
新潟県 長岡市 0258-00 940|新潟県 新潟市 025-000 950|富山県 高岡市 0766-00 933|石川県 金沢市 076-000 920|福井県 福井市 0776-00 910|山梨県 甲府市 055-000 400
長野県 松本市 0263-00 390|岐阜県 大垣市 0584-00 503|静岡県 浜松市 053-000 430|愛知県 名古屋市 052-000 460|愛知県 豊橋市 0532-00 440|三重県 四日市市 059-000 510
滋賀県 草津市 077-000 525|京都府 京都市 075-000 600|大阪府 大阪市 06-0000 530|大阪府 東大阪市 06-0000 577|兵庫県 姫路市 079-000 670|奈良県 奈良市 0742-00 630
和歌山県 田辺市 0739-00 646|鳥取県 米子市 0859-00 683|島根県 松江市 0852-00 690|岡山県 倉敷市 086-000 710|広島県 福山市 084-000 720|山口県 下関市 083-000 750
徳島県 徳島市 088-000 770|香川県 高松市 087-000 760|愛媛県 今治市 0898-00 794|高知県 高知市 088-000 780|福岡県 久留米市 0942-00 830|佐賀県 唐津市 0955-00 847
長崎県 佐世保市 0956-00 857|熊本県 八代市 0965-00 866|大分県 別府市 0977-00 874|宮崎県 都城市 0986-00 885|鹿児島県 鹿児島市 099-000 890|沖縄県 那覇市 098-000 900
"""

_TOWNS = "月見町 若葉町 水面町 花園町 白鷺町 霧ヶ丘 汐入町 風待町 鈴ヶ台 若草台 夕映町 朝凪町 翠台 桐野町 港本町 東雲台 石積町 柳原町".split()

_ABROAD = """
United States|Oregon|Alder Bay|97000|+1 503-555-01{:02d}|America/Los_Angeles
United States|Massachusetts|Harrow Falls|01000|+1 617-555-01{:02d}|America/New_York
Canada|British Columbia|Cedar Sound|V0V 0A0|+1 604-555-01{:02d}|America/Vancouver
United Kingdom|Kent|Marlow Quay|CT0 0ZZ|+44 1632 9600{:02d}|Europe/London
United Kingdom|Yorkshire|Thornby|YO0 0ZZ|+44 113 496 00{:02d}|Europe/London
Ireland|Galway|Lough Carrow|H00 A000|+353 20 910 00{:02d}|Europe/Dublin
Australia|Victoria|Port Wattle|3000|+61 3 7010 00{:02d}|Australia/Melbourne
Germany|Hamburg|Elbwiesen|20000|+49 40 66969 0{:02d}|Europe/Berlin
Sweden|Skåne|Åkerhamn|200 00|+46 40-628 04{:02d}|Europe/Stockholm
"""
_STREETS = (
    "Harbour Road",
    "Mill Lane",
    "Station Street",
    "Foundry Way",
    "Orchard Avenue",
    "Quayside",
    "Granary Street",
)


@dataclass(frozen=True, slots=True)
class Place:
    country: str
    state: str
    city: str
    street: str
    code: str
    phone_form: str
    time_zone: str = "Asia/Tokyo"

    def phone(self, chance: Random) -> str:
        if self.country == "日本":
            return f"{self.phone_form}-{chance.randrange(1000, 9999)}"
        return self.phone_form.format(chance.randrange(10, 99))

    def mobile(self, chance: Random) -> str:
        """Nobody abroad gives one here: no regulator's list has room for it in every country."""
        return f"0{chance.choice('789')}0-0000-{chance.randrange(1000, 9999)}" if self.country == "日本" else ""


def place_in_japan(chance: Random, city: str = "") -> Place:
    """Somewhere, or somewhere in a given city of the list."""
    rows = [row for row in _PREFECTURES if row[1] == city] if city else _PREFECTURES
    state, city, exchange, prefix = chance.choice(rows)
    number = f"{chance.randrange(1, 9)}-{chance.randrange(1, 28)}-{chance.randrange(1, 30)}"
    street = f"{chance.choice(_TOWNS)} {number}"
    return Place("日本", state, city, street, f"{prefix}-{chance.randrange(1, 90):04d}", exchange)


def place_abroad(chance: Random) -> Place:
    country, state, city, code, phone, zone = chance.choice(_COUNTRIES)
    return Place(country, state, city, f"{chance.randrange(2, 190)} {chance.choice(_STREETS)}", code, phone, zone)


_PREFECTURES = [entry.split() for line in _JAPAN.strip().splitlines() for entry in line.split("|")]
_COUNTRIES = [line.split("|") for line in _ABROAD.strip().splitlines()]
