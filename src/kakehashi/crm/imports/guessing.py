"""Which column of a spreadsheet is which field: by API name, by label in either language, by what people write instead."""

import re
from collections.abc import Sequence

from django.utils.translation import override

from kakehashi.core.normalise.text import fold
from kakehashi.crm.fields.types import FieldType
from kakehashi.crm.modules.schema import ModuleSchema

_NOT_IN_CELLS = (FieldType.FILE, FieldType.IMAGE)
FULL_NAME = "Full_Name"
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
    "商品名 製品名 品名 productname product": ("Product_Name",),
    "商品コード 製品コード 品番 型番 sku productcode code": ("Product_Code",),
    "単価 価格 標準価格 unitprice price": ("Unit_Price",),
    "商談名 案件名 件名 dealname opportunity potentialname": ("Deal_Name",),
    "金額 商談金額 見込み金額 amount": ("Amount",),
    "ステージ フェーズ 進捗 stage": ("Stage",),
    "完了予定日 受注予定日 クローズ日 closingdate closedate": ("Closing_Date",),
}


def guess_mapping(headers: Sequence[str], module: ModuleSchema) -> list[str]:
    """A field's API name per column, "" where nothing fits; each field once, the first column that claims it."""
    known = _known(module)
    taken: set[str] = set()
    guesses = []
    for header in headers:
        guess = next((name for name in known.get(_folded(header), ()) if name not in taken), "")
        taken.add(guess)
        guesses.append(guess)
    return guesses


def targets(module: ModuleSchema) -> list[str]:
    """What a column can become: the fields that can be written, and the whole name of a person."""
    names = [
        name for name, field in module.fields.items() if not field.is_read_only and field.type not in _NOT_IN_CELLS
    ]
    return [FULL_NAME, *names] if module.is_person else names


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
