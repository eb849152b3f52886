"""An address in one line, in the order of the country it is written in. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from kakehashi.crm.modules.schema import Section

_PARTS = {"Zip": "zip", "Code": "zip", "State": "state", "City": "city", "Street": "street", "Country": "country"}
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HOME = {"日本", "日本国", "Japan", "JP", "JPN"}


def address_line(section: Section, values: Mapping[str, Any]) -> str | None:
    """None when the section is no address, "" when nothing of it is known."""
    names = {_PARTS.get(field.api_name.rpartition("_")[2]): field.api_name for field in section.fields}
    if "street" not in names or None in names:
        return None
    known = {part: str(values.get(name) or "").strip() for part, name in names.items() if part}
    text = "".join(known.values())
    return _japanese(known) if _JAPANESE.search(text) else _western(known)


def _japanese(known: Mapping[str, str]) -> str:
    place = "".join(known.get(part, "") for part in ("state", "city", "street"))
    code = f"〒{known['zip']}" if known.get("zip") else ""
    country = "" if known.get("country") in _HOME else known.get("country", "")
    return " ".join(part for part in (code, country, place) if part)


def _western(known: Mapping[str, str]) -> str:
    region = " ".join(part for part in (known.get("state"), known.get("zip")) if part)
    parts = [known.get("street"), known.get("city"), region, known.get("country")]
    return ", ".join(part for part in parts if part)
