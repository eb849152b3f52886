"""Trades that need to know a temperature, the invented names of their companies, and what is worth noting about them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """`industry` is the CRM's choice; `suffixes` are (as written, for the domain); `departments` are where the contacts work."""

    key: str
    industry: str
    suffixes: tuple[tuple[str, str], ...]
    departments: tuple[str, ...]
    departments_abroad: tuple[str, ...]
    notes: tuple[str, ...]
    notes_abroad: tuple[str, ...]
    forms: tuple[str, ...] = ("株式会社{}", "{}株式会社", "有限会社{}", "合同会社{}")
    form_weights: tuple[int, ...] = (46, 34, 14, 6)


TRADES: dict[str, Trade] = {
    "food": Trade(
        "food",
        "Food and Beverage",
        (("食品", "foods"), ("乳業", "dairy"), ("水産", "suisan"), ("製菓", "seika"), ("フーズ", "deli")),
        ("品質管理部", "製造部", "工務課", "購買部", "衛生管理室"),
        ("Quality Assurance", "Production", "Maintenance", "Purchasing"),
        ("HACCPの記録用に冷蔵庫・冷凍庫を常時監視。監査は毎年6月と11月。", "納品は平日の午前中のみ。正門で受付のうえ品質管理部へ。", "工場内はスマートフォン持ち込み不可。連絡は内線かメールで。"),
        ("Chilled and frozen lines, audited twice a year.", "Deliveries weekdays before noon, ask for QA at the gate."),
    ),
    "pharma": Trade(
        "pharma",
        "Healthcare",
        (("薬品", "yakuhin"), ("製薬", "pharma"), ("メディカル", "medical"), ("臨床検査センター", "lab")),
        ("品質保証部", "試験室", "物流管理部", "薬事部", "総務部"),
        ("Quality Assurance", "Laboratory", "Logistics", "Regulatory Affairs"),
        ("GDP対応のため監査証跡つきプランを利用。校正証明書は毎年更新。", "超低温フリーザー6台。夜間の警報は当直の携帯へ。"),
        ("GDP audits every spring; needs audit trail and yearly certificates.",),
    ),
    "logistics": Trade(
        "logistics",
        "Logistics",
        (("物流", "butsuryu"), ("運輸", "unyu"), ("低温倉庫", "reizo"), ("冷蔵", "coldchain")),
        ("運行管理課", "倉庫管理課", "車両課", "品質管理課", "情報システム課"),
        ("Fleet Operations", "Warehouse", "Quality", "IT"),
        ("冷凍車12台に車載ロガー。車両の入れ替えが多い。", "倉庫の金属棚で電波が届きにくく、中継器を追加済み。"),
        ("Reefer trailers on two routes; loggers move between vehicles.",),
    ),
    "electronics": Trade(
        "electronics",
        "Manufacturing",
        (("電機", "denki"), ("精密", "seimitsu"), ("製作所", "works"), ("工業", "kogyo"), ("電子", "denshi")),
        ("生産技術部", "品質保証課", "設備保全課", "資材課", "情報システム部"),
        ("Process Engineering", "Quality", "Facilities", "Procurement"),
        ("恒温槽とクリーンルームの温湿度を監視。", "社内ネットワークの変更申請に2週間かかる。"),
        ("Climate chambers and a clean room.",),
    ),
    "farm": Trade(
        "farm",
        "Agriculture",
        (("農園", "farm"), ("茶園", "chaen"), ("青果", "seika"), ("種苗", "seeds"), ("園芸", "engei")),
        ("生産部", "出荷場", "栽培管理", "総務"),
        ("Growing", "Packing House", "Office"),
        ("ハウス8棟。CO2と湿度の記録を出荷先に提出している。", "繁忙期（4〜5月）は電話がつながりにくい。"),
        ("Eight greenhouses, CO2 and humidity.",),
        form_weights=(26, 12, 38, 24),
    ),
    "brewery": Trade(
        "brewery",
        "Food and Beverage",
        (("酒造", "sake"), ("醸造", "brewery"), ("味噌店", "miso")),
        ("製造部", "蔵管理", "品質管理", "総務部"),
        ("Brewing", "Quality", "Office"),
        ("仕込みの時期（10〜3月）は毎朝8時に記録を確認される。",),
        ("Fermentation room and cold store.",),
    ),
    "hospital": Trade(
        "hospital",
        "Healthcare",
        (("中央病院", "hospital"), ("総合クリニック", "clinic"), ("動物病院", "vet")),
        ("薬剤部", "検査科", "臨床工学室", "用度課"),
        ("Pharmacy", "Laboratory", "Clinical Engineering"),
        ("ワクチン用保冷庫を監視。担当の方は当番制。",),
        ("Vaccine refrigerators; duty rota, write to the shared mailbox.",),
        forms=("医療法人{}",),
        form_weights=(1,),
    ),
    "school": Trade(
        "school",
        "Education",
        (("学園", "gakuen"), ("農業大学校", "agri"), ("科学館", "museum")),
        ("施設課", "理科準備室", "事務局", "研究支援課"),
        ("Facilities", "Science Department", "Registry"),
        ("年度末の3月に予算消化の追加発注が多い。",),
        ("Orders follow the academic year.",),
        forms=("学校法人{}", "公益財団法人{}"),
        form_weights=(7, 3),
    ),
    "laboratory": Trade(
        "laboratory",
        "Professional Services",
        (("環境分析", "eco"), ("研究所", "lab"), ("バイオ", "bio"), ("分析センター", "bunseki")),
        ("分析課", "研究開発部", "試料管理室", "総務部"),
        ("Analysis", "Research", "Sample Store"),
        ("試料保管庫を年1回校正。証明書の宛名は正式名称で。",),
        ("Sample store calibrated every year.",),
    ),
    "retail": Trade(
        "retail",
        "Retail",
        (("ストア", "store"), ("マート", "mart"), ("生花", "flowers"), ("百貨店", "depart")),
        ("店舗運営部", "商品部", "情報システム部", "総務部"),
        ("Store Operations", "Merchandise", "IT"),
        ("14店舗の冷蔵ケースを監視。店舗ごとに請求書を分ける。",),
        ("Chilled cabinets in eleven shops.",),
    ),
    "facility": Trade(
        "facility",
        "Construction",
        (("設備", "setsubi"), ("空調", "kucho"), ("ビルサービス", "building")),
        ("工事部", "保守サービス課", "営業部", "積算課"),
        ("Service", "Projects", "Sales"),
        ("施工先への設置を代行する協力会社。注文書は現場ごと。",),
        ("Installs for its own customers.",),
    ),
    "print": Trade(
        "print",
        "Manufacturing",
        (("印刷", "print"), ("製本", "seihon"), ("紙業", "paper")),
        ("制作部", "印刷工場", "総務部"),
        ("Press Room", "Office"),
        ("用紙倉庫の湿度管理に温湿度ロガーを使用。",),
        ("Paper store needs steady humidity.",),
    ),
}  # fmt: skip

HONOURED = (
    ("月見坂食品株式会社", "tsukimizaka.example", "food", "長岡市"),
    ("瑠璃川物流株式会社", "rurikawa.example", "logistics", "新潟市"),
    ("霧ヶ丘電機株式会社", "kirigaoka.example", "electronics", "高岡市"),
    ("有限会社つむぎ茶園", "tsumugi-chaen.example", "farm", "浜松市"),
    ("株式会社そらまめ印刷", "soramame.example", "print", "京都市"),
    ("月舟ホールディングス株式会社", "tsukifune.example", "retail", "品川区"),
    ("ひだまり環境分析株式会社", "hidamari-eco.example", "laboratory", "松本市"),
    ("株式会社ことり製作所", "kotori-works.example", "electronics", "金沢市"),
)

_STEMS = """
朝凪台 asanagidai|雲見原 kumomihara|星降野 hoshifuruno|茜沢 akanezawa|蛍瀬 hotaruse|風待浜 kazemachi|楡ノ森 nirenomori|花筏 hanaikada|雪見橋 yukimibashi|夕映台 yubaedai
鈴鳴 suzunari|翠ヶ淵 midorigafuchi|深見野 fukamino|葉隠川 hagakure|霞ヶ原 kasumigahara|桐ノ木 kirinoki|月代 tsukishiro|白鷺沼 shirasaginuma|椿坂 tsubakizaka|小夜川 sayogawa
ひばり野 hibarino|あさがお asagao|みずいろ mizuiro|こだま谷 kodamadani|つばめ tsubame-ya|はるかぜ harukaze|ゆきしろ yukishiro|なぎさ台 nagisadai|せせらぎ seseragi|わかば野 wakabano
鶴ヶ嶺 tsurugamine|石積 ishizumi|波切 namikiri|潮見台 shiomidai|凪浦 nagiura|汐待 shiomachi|磯笛 isobue|灯台前 todaimae|帆風 hokaze|浮島 ukishima
杉並木 suginamiki|山桜 yamazakura|藤ノ棚 fujinotana|萩野原 haginohara|葛城野 katsuragino|柿ノ丘 kakinooka|梅ヶ枝 umegae|柚木 yunoki|栗駒野 kurikomano|檜原 hinokibara
金雀 enishida|青磁 seiji|墨流し suminagashi|藍染 aizome|紅殻 bengara|銀杏坂 ichozaka|琥珀 kohaku|水晶山 suishoyama|真砂 masago|更紗 sarasa
北斗野 hokutono|暁星 gyosei|天の川 amanogawa|三日月 mikazuki-do|明星 myojo|薄明 hakumei|陽だまり丘 hidamarioka|虹ヶ浦 nijigaura|霜柱 shimobashira|氷室 himuro
里山 satoyama|畦道 azemichi|水車 suisha|棚田 tanada|麦秋 bakushu|稲妻 inazuma|土筆 tsukushi|菜の花 nanohana|若鮎 wakaayu|蜻蛉 kagero
千歳橋 chitosebashi|百合野 yurino|八重垣 yaegaki|七曲 nanamagari|五色沼 goshikinuma|三ツ辻 mitsutsuji|万葉台 manyodai|十六夜 izayoi|双葉野 futabano|一里塚 ichirizuka
"""
STEMS = tuple(tuple(entry.split()) for line in _STEMS.strip().splitlines() for entry in line.split("|"))

STEMS_ABROAD = tuple(
    "Aldermere Ashcombe Bexwold Brackendale Calderwick Corranmoor Dunmarrow Elmsgate Fairlough Fernhollow Glenharrow Greywater "
    "Harrowfield Hollowbrook Inverlea Kestrelton Larkmoor Lindenvale Marrowby Netherwick Oakhaven Penbrook Quillford Ravensmere "
    "Rookhurst Saltmarsh Silverfjord Stonecrest Thistledown Tidewell Umbervale Vinterholm Wexmoor Whinfield Willowmere Yarrowdale".split()
)
TRADES_ABROAD: dict[str, tuple[str, ...]] = {
    "food": ("Foods", "Creamery", "Fine Foods", "Seafoods"),
    "pharma": ("Biologics", "Therapeutics", "Pharma"),
    "logistics": ("Cold Logistics", "Freight", "Refrigerated Transport"),
    "laboratory": ("Laboratories", "Analytics", "Biosciences"),
    "hospital": ("General Hospital", "Veterinary Centre"),
    "farm": ("Growers", "Orchards"),
    "retail": ("Markets", "Flowers"),
}
WITHOUT_LEGAL_FORM = {"hospital"}
LEGAL_FORMS = {
    "United States": "Inc", "Canada": "Inc", "United Kingdom": "Ltd", "Ireland": "Ltd", "Australia": "Pty Ltd", "Germany": "GmbH", "Sweden": "AB",
}  # fmt: skip
