"""The people of Minamo Keisoku who sign in to the demo."""

from dataclasses import dataclass
from typing import Literal

COMPANY = "みなも計測株式会社"
COMPANY_ABROAD = "Minamo Keisoku"
PORTAL = "minamo-support"
DOMAIN = "minamo.example"
SUPPORT_ADDRESS = f"support@{DOMAIN}"
SUPPORT_ADDRESS_ABROAD = f"support-en@{DOMAIN}"
PASSWORD = "kakehashi-demo"  # noqa: S105 - shown at the start of every demo

DeskRole = Literal["administrator", "agent", "light_agent", ""]


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    family: str
    given: str
    email: str
    language: Literal["ja", "en"]
    crm: Literal["administrator", "standard"]
    desk: DeskRole

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}" if self.language == "ja" else f"{self.given} {self.family}"

    @property
    def name_abroad(self) -> str:
        """In Latin letters, given name first: as in their address."""
        return " ".join(word.capitalize() for word in self.email.partition("@")[0].split("."))


STAFF = (
    Colleague("takase", "高瀬", "悠", f"yu.takase@{DOMAIN}", "ja", "administrator", "administrator"),
    Colleague("morimoto", "森本", "葵", f"aoi.morimoto@{DOMAIN}", "ja", "standard", "agent"),
    Colleague("kurihara", "栗原", "紬", f"tsumugi.kurihara@{DOMAIN}", "ja", "standard", "agent"),
    Colleague("toda", "戸田", "陸", f"riku.toda@{DOMAIN}", "ja", "standard", "light_agent"),
    Colleague("mizuno", "水野", "暁", f"akira.mizuno@{DOMAIN}", "ja", "standard", ""),
    Colleague("hart", "Hart", "Emma", f"emma.hart@{DOMAIN}", "en", "standard", "agent"),
)
BY_KEY = {colleague.key: colleague for colleague in STAFF}
SALES = ("takase", "mizuno", "hart")
