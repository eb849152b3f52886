from typing import Any

from babel.numbers import get_currency_name, list_currencies
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.crm.orgs.models import NameOrder, Org
from kakehashi.identity.preferences.time_zones import time_zone_choices
from kakehashi.ui.forms.widgets import SearchSelect

_COMMON_CURRENCIES = (
    "JPY",
    "USD",
    "EUR",
    "GBP",
    "CNY",
    "KRW",
    "TWD",
    "SGD",
    "HKD",
    "THB",
    "VND",
    "INR",
    "AUD",
    "CAD",
    "CHF",
)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Organisation name"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), widget=SearchSelect)
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=SearchSelect)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_(
            "Members begin in it and follow it, unless they chose a language themselves. What Kakehashi itself writes into records is in it, too."
        ),
    )
    fiscal_month = forms.TypedChoiceField(
        label=_("First month of the fiscal year"),
        coerce=int,
        choices=MONTHS.items(),
        help_text=_("What “this fiscal year” and “this fiscal quarter” mean in filters."),
    )
    name_order = forms.ChoiceField(
        label=_("Order of names"),
        required=False,
        choices=[("", _("By the letters: 相沢 美咲, Emma Hart")), *NameOrder.choices],
        help_text=_(
            "How the names of leads and contacts are written. After a change they are rewritten in the background."
        ),
    )

    def __init__(self, org: Org, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": org.name,
            "currency": org.currency,
            "time_zone": org.time_zone,
            "language": org.language,
            "fiscal_month": org.fiscal_month,
            "name_order": org.name_order,
        }
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = _currencies()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = time_zone_choices(clock.now())  # type: ignore[attr-defined]


def _currencies() -> list[tuple[str, str]]:
    locale = "ja" if (get_language() or "").startswith("ja") else "en"
    known = list_currencies()
    return [
        (code, f"{code} – {get_currency_name(code, locale=locale)}") for code in _COMMON_CURRENCIES if code in known
    ]
