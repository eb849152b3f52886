"""Names of companies without what says only which kind of company it is."""

import re

from .names import normal_name

# Folded: katakana stands as hiragana here, see `text.fold`.
_FORMS = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社",
    "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "社団法人", "財団法人", "社会福祉法人", "医療法人社団", "医療法人",
    "学校法人", "独立行政法人", "特定非営利活動法人", "npo法人", "(株)", "(有)", "(同)", "(社)", "(財)", "(医)", "(福)", "(学)",
)  # fmt: skip
_WESTERN = re.compile(
    r"[\s,]+(?:co\.?,?\s*ltd|corporation|corp|incorporated|inc|limited|ltd|llc|llp|plc|gmbh|ag|kg|s\.?a|s\.?r\.?l|b\.?v|k\.?k|company|co)\.?$"
)
_NOISE = re.compile(r"[\s・,.'’\-]+")


_ABBREVIATIONS = {
    "株式会社": "(株)",
    "有限会社": "(有)",
    "合同会社": "(同)",
    "一般社団法人": "(一社)",
    "医療法人": "(医)",
    "学校法人": "(学)",
}


def spellings(name: str) -> tuple[str, ...]:
    """A name as `normal_name` writes it, and again with its legal form abbreviated or written out: ㈱月見坂食品 = 株式会社月見坂食品.

    Where the form stands and which one it is tells companies apart, so neither is touched.
    """
    normal = normal_name(name)
    found = [normal]
    for pair in _ABBREVIATIONS.items():
        for one, other in (pair, pair[::-1]):
            if normal.startswith(one):
                found.append(other + normal.removeprefix(one))
            elif normal.endswith(one):
                found.append(normal.removesuffix(one) + other)
    return tuple(found)


def company_core(name: str) -> str:
    """What two spellings of one company share: 株式会社 月見坂食品 = ㈱月見坂食品, Acme Co., Ltd. = ACME. "" if nothing is left."""
    return _NOISE.sub("", without_form(name))


def without_form(name: str) -> str:
    """A name folded and without its legal form, its words still apart: what to search for."""
    text = normal_name(name)
    for form in _FORMS:
        text = text.removeprefix(form).removesuffix(form).strip()
    while (shorter := _WESTERN.sub("", text)) != text:
        text = shorter
    return text
