"""Names of people: 姓 and 名 with kana and romaji, and names for customers abroad. Each list is read once."""

from dataclasses import dataclass
from random import Random

_FAMILY = """
相沢 あいざわ aizawa|青柳 あおやぎ aoyagi|赤堀 あかほり akahori|浅見 あさみ asami|芦田 あしだ ashida|天野 あまの amano|新井田 あらいだ araida|有賀 ありが ariga
飯塚 いいづか iizuka|五十畑 いそはた isohata|市ノ瀬 いちのせ ichinose|稲垣 いながき inagaki|岩瀬 いわせ iwase|鵜沢 うざわ uzawa|梅原 うめはら umehara|江口 えぐち eguchi
榎並 えなみ enami|及川 おいかわ oikawa|大槻 おおつき otsuki|岡安 おかやす okayasu|小田切 おだぎり odagiri|落合 おちあい ochiai|柿沼 かきぬま kakinuma|笠原 かさはら kasahara
片桐 かたぎり katagiri|勝又 かつまた katsumata|金井 かない kanai|亀山 かめやま kameyama|河合 かわい kawai|菊池 きくち kikuchi|北村 きたむら kitamura|日下部 くさかべ kusakabe
久保寺 くぼでら kubodera|倉持 くらもち kuramochi|黒岩 くろいわ kuroiwa|桑名 くわな kuwana|河野 こうの kono|小暮 こぐれ kogure|近江 おうみ omi|佐久間 さくま sakuma
桜庭 さくらば sakuraba|笹川 ささがわ sasagawa|沢田 さわだ sawada|塩谷 しおや shioya|篠崎 しのざき shinozaki|清水 しみず shimizu|白石 しらいし shiraishi|杉浦 すぎうら sugiura
鈴村 すずむら suzumura|関根 せきね sekine|瀬戸 せと seto|芹沢 せりざわ serizawa|曽根 そね sone|高梨 たかなし takanashi|滝口 たきぐち takiguchi|田所 たどころ tadokoro
千葉 ちば chiba|塚越 つかごし tsukagoshi|辻井 つじい tsujii|土屋 つちや tsuchiya|手塚 てづか tezuka|寺島 てらしま terashima|富樫 とがし togashi|豊島 とよしま toyoshima
内藤 ないとう naito|永井 ながい nagai|長谷部 はせべ hasebe|中込 なかごみ nakagomi|西尾 にしお nishio|根岸 ねぎし negishi|野々村 ののむら nonomura|萩原 はぎわら hagiwara
畑中 はたなか hatanaka|服部 はっとり hattori|早川 はやかわ hayakawa|平野 ひらの hirano|深沢 ふかざわ fukazawa|藤巻 ふじまき fujimaki|古谷 ふるや furuya|星野 ほしの hoshino
堀内 ほりうち horiuchi|牧野 まきの makino|松永 まつなが matsunaga|三崎 みさき misaki|皆川 みながわ minagawa|宮下 みやした miyashita|村瀬 むらせ murase|望月 もちづき mochizuki
森 もり mori|八木沢 やぎさわ yagisawa|矢島 やじま yajima|柳 やなぎ yanagi|山吹 やまぶき yamabuki|湯浅 ゆあさ yuasa|横溝 よこみぞ yokomizo|若松 わかまつ wakamatsu
"""

_GIVEN = """
美咲 みさき misaki|玲 れい rei|伸吾 しんご shingo|千尋 ちひろ chihiro|航 わたる wataru|ひなた ひなた hinata|朔 さく saku|凪 なぎ nagi|茜 あかね akane|あかり あかり akari
明日香 あすか asuka|篤 あつし atsushi|綾乃 あやの ayano|郁 いく iku|泉 いずみ izumi|一馬 かずま kazuma|和樹 かずき kazuki|香織 かおり kaori|薫 かおる kaoru|恭平 きょうへい kyohei
圭 けい kei|健太郎 けんたろう kentaro|浩二 こうじ koji|小春 こはる koharu|彩花 さやか sayaka|早紀 さき saki|聡 さとし satoshi|志保 しほ shiho|修平 しゅうへい shuhei|淳 じゅん jun
翔太 しょうた shota|晋也 しんや shinya|涼 りょう ryo|奏 かなで kanade|大輔 だいすけ daisuke|拓海 たくみ takumi|武史 たけし takeshi|環 たまき tamaki|千夏 ちなつ chinatsu|司 つかさ tsukasa
哲也 てつや tetsuya|遥 はるか haruka|智子 ともこ tomoko|朋美 ともみ tomomi|直樹 なおき naoki|菜摘 なつみ natsumi|七海 ななみ nanami|典子 のりこ noriko|隼人 はやと hayato|春樹 はるき haruki
久美子 くみこ kumiko|秀明 ひであき hideaki|寛 ひろし hiroshi|弘樹 ひろき hiroki|文香 ふみか fumika|真琴 まこと makoto|雅人 まさと masato|真由 まゆ mayu|瑞穂 みずほ mizuho|美緒 みお mio
実 みのる minoru|恵 めぐみ megumi|桃子 ももこ momoko|康弘 やすひろ yasuhiro|友里 ゆり yuri|祐介 ゆうすけ yusuke|結衣 ゆい yui|由紀 ゆき yuki|陽子 ようこ yoko|芳樹 よしき yoshiki
蓮 れん ren|莉子 りこ riko|亮太 りょうた ryota|若菜 わかな wakana|律 りつ ritsu|葉月 はづき hazuki|圭吾 けいご keigo|麻衣 まい mai|悟 さとる satoru|楓 かえで kaede
"""

_FAMILY_ABROAD = (
    "Abbott Aldridge Barlow Beckett Bramwell Calloway Carver Dalton Draper Eastman Ellery Farrow Fenwick Garrick Goodwin Halloran "
    "Hartley Holloway Ingram Jessop Kendrick Langford Lindqvist Lockhart Marchetti Merriweather Norwood Oakley Pemberton Quill "
    "Radcliffe Renner Sorensen Stanhope Thackeray Tilden Vance Wexford Whitlock Winslow"
).split()
_GIVEN_ABROAD = (
    "Adele Aidan Alice Anika Ben Bridget Callum Chloe Clara Daniel Elise Ethan Fiona Grace Hannah Henrik Imogen Jonas Julia Kieran "
    "Leah Liam Lucas Maeve Marcus Nadia Nina Oliver Owen Paula Priya Rachel Rory Sofia Stella Tobias Tom Vera Will Zoe"
).split()


@dataclass(frozen=True, slots=True)
class PersonName:
    """As written, as read aloud (empty abroad), and in letters that fit an e-mail address."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    family_latin: str
    given_latin: str


def japanese_name(chance: Random) -> PersonName:
    family, family_kana, family_latin = chance.choice(_FAMILIES)
    given, given_kana, given_latin = chance.choice(_GIVENS)
    return PersonName(family, given, family_kana, given_kana, family_latin, given_latin)


def name_abroad(chance: Random) -> PersonName:
    family, given = chance.choice(_FAMILY_ABROAD), chance.choice(_GIVEN_ABROAD)
    return PersonName(family, given, "", "", family.lower(), given.lower())


def named(text: str) -> PersonName:
    """A chosen Japanese name: "相沢 あいざわ aizawa 美咲 みさき misaki"."""
    family, family_kana, family_latin, given, given_kana, given_latin = text.split()
    return PersonName(family, given, family_kana, given_kana, family_latin, given_latin)


def _read(table: str) -> tuple[tuple[str, str, str], ...]:
    rows = [entry.split() for line in table.strip().splitlines() for entry in line.split("|")]
    return tuple((written, kana, latin) for written, kana, latin in rows)


_FAMILIES = _read(_FAMILY)
_GIVENS = _read(_GIVEN)
