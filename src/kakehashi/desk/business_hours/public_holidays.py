"""Public holidays of the countries that the `holidays` library knows, with their names in the reader's language."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays
from babel import Locale

_OTHER_NAMES = {"ja": ("ja",), "en": ("en_US", "en_GB", "en")}


@lru_cache(maxsize=400)
def public_holidays(country: str, year: int, language: str = "") -> Mapping[date, str]:
    """{day: name}; nothing for no country. Without the library's knowledge of a language the names are the country's own."""
    if not country:
        return {}
    known = holidays.country_holidays(country, years=year)
    wanted = next((name for name in _OTHER_NAMES.get(language[:2], ()) if name in known.supported_languages), None)
    return dict(holidays.country_holidays(country, years=year, language=wanted) if wanted else known)


@lru_cache(maxsize=8)
def countries(language: str) -> Mapping[str, str]:
    """{code: name} of all countries with known holidays, by name."""
    names = Locale.parse(language[:2]).territories
    codes = [code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2]
    return dict(sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1]))
