"""What lies with the demo's records: tags, notes that call a colleague, files, views. No database."""

from dataclasses import dataclass
from typing import Literal

Module = Literal["Accounts", "Contacts", "Deals", "Leads"]


@dataclass(frozen=True, slots=True)
class Noted:
    """`company` is a company's number; the note lies with it, or with its first contact. "@" and a name calls a colleague."""

    module: Literal["Accounts", "Contacts"]
    company: int
    days_ago: int
    by: str
    html: str
    title: str = ""
    is_pinned: bool = False


# Tag -> how many of a hundred records carry it.
TAGS: dict[Module, dict[str, int]] = {
    "Accounts": {"重点顧客": 12, "年間保守": 25, "休眠": 6},
    "Contacts": {"展示会2026": 9, "決裁者": 12, "要フォロー": 5, "メルマガ停止": 3},
    "Deals": {"補助金": 12, "更新": 18},
    "Leads": {"展示会2026": 40, "資料請求": 25},
}

NOTES = (
    Noted(
        "Accounts",
        1,
        9,
        "takase",
        "<p>来期は長岡工場と物流センターにも同じ構成で入れたいとのこと。まず工場の冷蔵室12室から。</p>"
        "<ul><li>見積は工場・センターで分ける</li><li>校正証明書は本社でまとめて受け取り</li></ul>"
        "<p>@水野 暁 見積の前に現地を見てきてもらえますか。</p>",
        title="来期の展開",
        is_pinned=True,
    ),
    Noted("Accounts", 1, 6, "mizuno", "<p>現地を確認しました。冷凍庫の奥は電波が弱いので、中継器が2台要ります。</p>"),
    Noted(
        "Contacts",
        1,
        3,
        "mizuno",
        "<p>電話は午前中がつながりやすい。水曜は会議で不在。</p>",
        is_pinned=True,
    ),
    Noted(
        "Contacts",
        1,
        2,
        "morimoto",
        "<p>ロガーの通信断の件、サポートで対応中です。@高瀬 悠 訪問の際に一言お願いします。</p>",
    ),
    Noted("Accounts", 2, 14, "mizuno", "<p>車両の入れ替えは3月末。温度計の移設費も見積に入れる。</p>"),
    Noted("Contacts", 3, 21, "takase", "<p>異動のあいさつあり。後任は4月に決まるとのこと。</p>"),
)

# Parts of the first company, with an address of their own.
BRANCHES = ("長岡工場", "物流センター")

STAGE_COLOURS = {
    "Qualification": "grey",
    "Needs Analysis": "blue",
    "Value Proposition": "blue",
    "Identify Decision Makers": "plum",
    "Proposal/Price Quote": "plum",
    "Negotiation/Review": "amber",
}
