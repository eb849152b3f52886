"""What surrounds the words of a story: greetings, closings, signatures, the quoted mail below an answer. And the same as HTML."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.office_hours import JAPAN
from kakehashi.assembly.demo.staff import COMPANY, COMPANY_ABROAD, SUPPORT_ADDRESS, SUPPORT_ADDRESS_ABROAD, Colleague

_WEEKDAYS = "月火水木金土日"
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_OPENINGS = (
    "いつもお世話になっております。",
    "いつもお世話になっております。",
    "お世話になっております。",
    "いつも大変お世話になっております。",
)
_FOLLOW_UPS = (
    "お世話になっております。",
    "お世話になっております。\n",
    "ご連絡ありがとうございます。\n",
    "早速のご返信ありがとうございます。\n",
    "",
)
_CLOSINGS = (
    "よろしくお願いいたします。",
    "お手数ですが、よろしくお願いいたします。",
    "何卒よろしくお願いいたします。",
    "以上、よろしくお願いします。",
)
_THANKS = ("ご連絡ありがとうございます", "ご関心をお寄せいただき", "お試しいただき")
_OPENINGS_ABROAD = ("Hello,", "Hi there,", "Good morning,", "Dear support team,")
_CLOSINGS_ABROAD = ("Kind regards,", "Best regards,", "Thanks,", "Many thanks,")


def first_mail(customer: Customer, text: str, chance: Random) -> str:
    if customer.language == "en":
        return (
            f"{chance.choice(_OPENINGS_ABROAD)}\n\n{text}\n\n{chance.choice(_CLOSINGS_ABROAD)}\n{_signature(customer)}"
        )
    greeting = f"{chance.choice(_OPENINGS)}\n{customer.company.name}の{customer.name.family}です。"
    return f"{greeting}\n\n{text}\n\n{chance.choice(_CLOSINGS)}\n\n{_signature(customer)}"


def follow_up(customer: Customer, text: str, chance: Random) -> str:
    if customer.language == "en":
        return f"Hi,\n\n{text}\n\n{customer.name.given}"
    return f"{chance.choice(_FOLLOW_UPS)}{customer.company.name}の{customer.name.family}です。\n\n{text}"


def web_form(text: str) -> str:
    """What is typed into a form has no greeting and no signature."""
    return text


def call_note(customer: Customer, text: str) -> str:
    """What the person who took the call wrote down."""
    if customer.language == "en":
        return f"Call from {customer.full_name}, {customer.company.name} ({customer.phone}).\n\n{text}"
    return f"お電話で承りました（{customer.company.name} {customer.name.family}様、{customer.phone}）。\n\n{text}"


def answer(customer: Customer, colleague: Colleague, text: str, *, is_first: bool) -> str:
    if customer.language == "en":
        opening = f"Hi {customer.name.given},"
        return f"{opening}\n\n{text}\n\nBest regards,\n{colleague.name_abroad}\n{COMPANY_ABROAD} Support\n{SUPPORT_ADDRESS_ABROAD}"
    address = f"{customer.company.name}\n{customer.name.family} 様"
    thanks = "" if text.startswith(_THANKS) else "お問い合わせいただき、ありがとうございます。\n"
    hello = f"{thanks}みなも計測 サポート窓口の{colleague.family}です。"
    greeting = hello if is_first else f"お世話になっております。みなも計測の{colleague.family}です。"
    return (
        f"{address}\n\n{greeting}\n\n{text}\n\n引き続きよろしくお願いいたします。\n\n"
        f"{COMPANY} サポート窓口\n{colleague.family} {colleague.given}\n{SUPPORT_ADDRESS}"
    )


def _signature(customer: Customer) -> str:
    company = customer.company
    if customer.language == "en":
        lines = [customer.full_name, ", ".join(part for part in (customer.title, customer.department) if part)]
        return "\n".join([*lines, company.name, customer.phone])
    return "\n".join(
        [
            "─" * 18,
            f"{company.name}　{customer.department}",
            customer.full_name,
            f"TEL {customer.phone}",
            customer.email,
            "─" * 18,
        ]
    )


def as_html(text: str) -> SafeString:
    """Paragraphs at empty lines, breaks at the others."""
    paragraphs = [paragraph.split("\n") for paragraph in text.strip().split("\n\n")]
    return format_html_join("", "<p>{}</p>", ((_lines(lines),) for lines in paragraphs))


def quoted(text: str, at: datetime, sender: str, language: str) -> SafeString:
    """The mail that is answered, as mail programs put it below the answer."""
    local = at.astimezone(JAPAN)
    if language == "ja":
        day = f"{local.year}年{local.month}月{local.day}日({_WEEKDAYS[local.weekday()]}) {local:%H:%M}"
        lead = f"{day} {sender}:"
    else:
        lead = f"On {local.day} {_MONTHS[local.month - 1][:3]} {local:%Y at %H:%M}, {sender} wrote:"
    return format_html("<div>{}</div><blockquote>{}</blockquote>", lead, as_html(text))


def dates_around(moment: datetime, language: str) -> Mapping[str, str]:
    """The slots that speak of days: {yesterday}, {next_week}, …"""
    local = moment.astimezone(JAPAN)
    days = {
        "yesterday": _workday(local, -1),
        "last_week": _workday(local, -6),
        "tomorrow": _workday(local, 1),
        "next_week": _workday(local, 7),
    }
    months = {"last_month": -1, "two_months_ago": -2}
    return {
        **{name: _day(day, language) for name, day in days.items()},
        **{name: _month(local, offset, language) for name, offset in months.items()},
    }


def _lines(lines: list[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def _workday(moment: datetime, offset: int) -> datetime:
    day = moment + timedelta(days=offset)
    while day.weekday() > 4:
        day += timedelta(days=1 if offset > 0 else -1)
    return day


def _day(day: datetime, language: str) -> str:
    if language == "ja":
        return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _month(moment: datetime, offset: int, language: str) -> str:
    month = (moment.month - 1 + offset) % 12
    return f"{month + 1}月" if language == "ja" else _MONTHS[month]
