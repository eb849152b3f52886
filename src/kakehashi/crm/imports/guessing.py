"""Which column of a spreadsheet is which field: by API name, by label in either language, by what people write instead."""

import re
from collections.abc import Container, Sequence

from django.utils.translation import override

from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema

from .columns import FULL_NAME, RECORD_ID, TAGS, Column, holds_several, targets

BY_NAME, BY_CELLS, BY_PAST = "name", "cells", "past"
_OUR_OWN = {"行", "結果", "理由", "row", "result", "reason"}  # columns of our own result files
_LOOKS = {
    "Email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "Website": re.compile(r"https?://\S+", re.IGNORECASE),
    "Phone": re.compile(r"\+?0[\d\-() ]{8,14}"),
    "Mailing_Zip": re.compile(r"〒?\d{3}-\d{4}"),
    "Billing_Code": re.compile(r"〒?\d{3}-\d{4}"),
}
_NOISE = re.compile(r"[\s_\-*※:：（）()\[\]【】「」/・.#]+")

# What is written over columns -> API names, the first one that the module has. Keys are folded like headers.
_WORDS: dict[str, Sequence[str]] = {
    "会社名 会社 企業名 企業 法人名 組織名 勤務先 所属 取引先 取引先名 顧客名 company companyname organization organisation account accountname": (
        "Account_Name",
        "Company",
    ),
    "姓 名字 苗字 氏 lastname familyname surname sei": ("Last_Name",),
    "名 名前名 firstname givenname mei": ("First_Name",),
    "氏名 名前 お名前 担当者名 連絡先名 ご担当者名 姓名 顧客担当者 fullname name contact contactname": (FULL_NAME,),
    "セイ 姓カナ 姓かな 姓フリガナ 姓ふりがな フリガナ姓 lastnamekana": ("Last_Name_Kana",),
    "メイ 名カナ 名かな 名フリガナ 名ふりがな フリガナ名 firstnamekana": ("First_Name_Kana",),
    "メールアドレス メール email mail emailaddress mailaddress eメール 電子メール pcメール": ("Email",),
    "サブメール メールアドレス2 メール2 email2 secondaryemail 副メール 携帯メール": ("Secondary_Email",),
    "メール3 メールアドレス3 email3 メール4 メールアドレス4 email4 その他のメール 他のメール othermail otheremail otheremails": (
        "Other_Emails",
    ),
    "電話2 電話番号2 tel2 携帯2 携帯電話2 携帯番号2 phone2 mobile2 その他の電話 otherphones": ("Other_Phones",),
    "電話番号 電話 tel 電話1 代表電話 代表電話番号 会社電話 勤務先電話 phone telephone phonenumber": ("Phone",),
    "携帯電話 携帯 携帯番号 携帯電話番号 mobile mobilephone cell cellphone": ("Mobile",),
    "自宅電話 自宅電話番号 homephone": ("Home_Phone",),
    "fax ファックス ファクス fax番号 ファックス番号": ("Fax",),
    "部署 部署名 部門 所属部署 department division": ("Department",),
    "役職 役職名 職位 肩書 肩書き title jobtitle position": ("Title", "Designation"),
    "郵便番号 〒 zip zipcode postalcode postcode": ("Mailing_Zip", "Billing_Code", "Zip_Code"),
    "都道府県 state prefecture province region": ("Mailing_State", "Billing_State", "State"),
    "市区町村 市町村 市区 city town": ("Mailing_City", "Billing_City", "City"),
    "住所 住所1 番地 町名番地 町域番地 所在地 street address address1": ("Mailing_Street", "Billing_Street", "Street"),
    "国 国名 country": ("Mailing_Country", "Billing_Country", "Country"),
    "url web ウェブサイト ホームページ webサイト hp website homepage": ("Website",),
    "業種 業界 industry": ("Industry",),
    "従業員数 社員数 employees employeecount": ("Employees", "No_of_Employees"),
    "年商 売上高 売上 年間売上 annualrevenue revenue": ("Annual_Revenue",),
    "備考 メモ 説明 詳細 摘要 notes note remarks description comment comments": ("Description",),
    "担当 担当者 営業担当 営業担当者 当社担当 所有者 owner accountowner contactowner": ("Owner",),
    "生年月日 誕生日 birthday dateofbirth birthdate": ("Date_of_Birth",),
    "敬称 salutation prefix": ("Salutation",),
    "データ元 流入元 リードソース 獲得経路 leadsource source": ("Lead_Source",),
    "タグ ラベル tag tags label labels": (TAGS,),
    "データid レコードid recordid id": (RECORD_ID,),
    "商品名 製品名 品名 productname product": ("Product_Name",),
    "商品コード 製品コード 品番 型番 sku productcode code": ("Product_Code",),
    "単価 価格 標準価格 unitprice price": ("Unit_Price",),
    "商談名 案件名 件名 dealname opportunity potentialname": ("Deal_Name",),
    "金額 商談金額 見込み金額 amount": ("Amount",),
    "ステージ フェーズ 進捗 stage": ("Stage",),
    "完了予定日 受注予定日 クローズ日 closingdate closedate": ("Closing_Date",),
}


def guess_columns(headers: Sequence[str], samples: Sequence[Sequence[str]], module: ModuleSchema) -> list[Column]:
    """Each column with the field it seems to be: by its name, else by what its cells look like. Each field once, the first column that claims it."""
    known = _known(module)
    guesses: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for index, header in enumerate(headers):
        if name := _free(known.get(_folded(header), ()), taken, module):
            guesses[index] = (name, BY_NAME)
            taken.add(name)
    for index, header in enumerate(headers):
        cells = [row[index] for row in samples if index < len(row) and row[index]]
        is_known = _folded(header) in known or is_our_own(header)
        if index not in guesses and not is_known and (name := _by_cells(cells, module, taken)):
            guesses[index] = (name, BY_CELLS)
            taken.add(name)
    found = [guesses.get(index, ("", "")) for index in range(len(headers))]
    return [Column(header).becoming(name, module, why) for header, (name, why) in zip(headers, found, strict=True)]


def _free(names: Sequence[str], taken: Container[str], module: ModuleSchema) -> str:
    return next((name for name in names if name not in taken or holds_several(name, module)), "")


def _by_cells(cells: Sequence[str], module: ModuleSchema, taken: set[str]) -> str:
    for name, looks in _LOOKS.items():
        if cells and name in module.fields and name not in taken and all(looks.fullmatch(cell) for cell in cells):
            return name
    return ""


def _known(module: ModuleSchema) -> dict[str, list[str]]:
    offered = set(targets(module))
    known: dict[str, list[str]] = {}
    for field in module.fields.values():
        for text in (field.api_name, *_labels(field.label)):
            known.setdefault(_folded(text), []).append(field.api_name)
    for words, names in _WORDS.items():
        found = [name for name in names if name in offered]
        for word in words.split():
            known.setdefault(_folded(word), []).extend(found)
    if not module.is_person:  # the account's own sheet says 氏名 or Name and means the account
        for word in ("name", "名前", "名称"):
            known.setdefault(_folded(word), []).append(module.name_fields[0])
    return {text: [name for name in names if name in offered] for text, names in known.items()}


def _labels(label: object) -> list[str]:
    labels = []
    for language in ("ja", "en"):
        with override(language):
            labels.append(str(label))
    return labels


def _folded(text: str) -> str:
    return _NOISE.sub("", fold(text))


def is_our_own(header: str) -> bool:
    """A column that our result files add."""
    return _folded(header) in _OUR_OWN
