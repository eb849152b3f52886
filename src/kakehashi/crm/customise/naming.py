"""API names: what stands in addresses and stored values, and never changes. Pure."""

import re
import unicodedata
from collections.abc import Container

from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text

LONGEST = 50
_FITS = re.compile(r"[A-Z][A-Za-z0-9_]*")
# What the pages of an org are called, in any letter case: our own addresses begin with small letters, a module's with a capital,
# so that neither hides the other, and no module may even look like one of our pages.
_OURS = {"search", "imports", "settings", "new", "choices", "import", "export", "signals", "bin", "crm", "desk"}
# Answered by every record, though no field of the module holds it.
_NO_FIELDS = {"id", "owner", "full_name", "created_time", "modified_time", "created_by", "modified_by", "tag", "name"}


def suggested_name(label: str, taken: Container[str], *, fallback: str) -> str:
    """ "Sites 現場" → Sites; a label without any Latin letter becomes `fallback` and a number."""
    words = re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFKC", label))
    name = "_".join(word[:1].upper() + word[1:] for word in words).lstrip("0123456789_")[:LONGEST]
    name = name[:1].upper() + name[1:]
    if name and is_free(name, taken):
        return name
    stem, number = (f"{name[: LONGEST - 4]}_", 2) if name else (fallback, 1)
    while not is_free(f"{stem}{number}", taken):
        number += 1
    return f"{stem}{number}"


def is_free(name: str, taken: Container[str]) -> bool:
    """`taken` holds names in small letters."""
    return name.lower() not in taken


def module_name_problem(name: str, taken: Container[str]) -> Text | None:
    if problem := _shape_problem(name):
        return problem
    if name.lower() in _OURS:
        return _("This name is kept for a page of ours. Choose another one.")
    return None if is_free(name, taken) else _("Another module has this name, perhaps a removed one.")


def field_name_problem(name: str, taken: Container[str]) -> Text | None:
    if problem := _shape_problem(name):
        return problem
    if name.lower() in _NO_FIELDS:
        return _("Every record has something of this name. Choose another one.")
    return None if is_free(name, taken) else _("Another field has this name, perhaps a removed one.")


def _shape_problem(name: str) -> Text | None:
    if len(name) > LONGEST or not _FITS.fullmatch(name):
        return _("Letters a to z, digits and _ only, beginning with a capital letter; at most 50.")
    return None
