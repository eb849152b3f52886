"""The kinds of settings that the audit log knows by name."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.core.ids import is_id
from kakehashi.crm.customise.words import LABELS
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.actions import ADMINISTRATOR, MANAGEMENT, SALES, STANDARD
from kakehashi.crm.orgs.models import NameOrder
from kakehashi.crm.orgs.rights import FieldRight, scope_named
from kakehashi.crm.orgs.words import ALLOWED, FIELD_RIGHTS, OTHER_MODULES, SCOPED, SCOPES
from kakehashi.identity.permissions import declared

from .labels import data_kinds
from .slots import AUDIT_KINDS, AuditKind, Change, audit_kind_of, plain_changes
from .telling import words_for

_NAME = gettext_lazy("Name")
_PROFILE = pgettext_lazy("of permissions", "Profile")
_ROLE = pgettext_lazy("in the organisation", "Role")
_REPLACEMENT = gettext_lazy("Replacement")
_PEOPLE = gettext_lazy("People")
_PLAIN: tuple[tuple[str, Text], ...] = (
    ("crm.module.", gettext_lazy("Module")),
    ("crm.tab.", gettext_lazy("Tab")),
    ("crm.field.", gettext_lazy("Field")),
    ("crm.section.", gettext_lazy("Section")),
    ("crm.stage.", gettext_lazy("Stage")),
    ("crm.tag.", gettext_lazy("Tag")),
    ("crm.export.", gettext_lazy("Export of data")),
    ("crm.records.", gettext_lazy("Records")),
    ("crm.bin.", gettext_lazy("Recycle bin")),
    ("crm.record.", gettext_lazy("Record")),
)

_MORE_LABELS = {
    "keep_days": gettext_lazy("Days until deleted for good"),
    "profiles": gettext_lazy("Profiles that have it"),
}


def add_audit_kinds() -> None:
    AUDIT_KINDS.add(
        AuditKind(
            "crm.org.",
            gettext_lazy("Organisation"),
            labels={
                "name": gettext_lazy("Organisation name"),
                "currency": gettext_lazy("Currency"),
                "time_zone": gettext_lazy("Time zone"),
                "language": gettext_lazy("Language"),
                "fiscal_month": gettext_lazy("First month of the fiscal year"),
                "name_order": gettext_lazy("Order of names"),
            },
            changes=org_changes,
        )
    )
    AUDIT_KINDS.add(_MEMBER)
    AUDIT_KINDS.add(AuditKind("crm.profile.", _PROFILE, labels=_PROFILE_LABELS, changes=profile_changes))
    labels = {
        "name": _NAME,
        "parent": gettext_lazy("Stands below"),
        "shares_with_peers": gettext_lazy("Shares with peers"),
        "replacement": _REPLACEMENT,
        "people": _PEOPLE,
    }
    AUDIT_KINDS.add(AuditKind("crm.role.", _ROLE, labels=labels))
    moves = {
        "from": pgettext_lazy("a person", "From"),
        "to": pgettext_lazy("a person", "To"),
        "count": gettext_lazy("Records"),
    }
    AUDIT_KINDS.add(AuditKind("crm.transfer.", gettext_lazy("Handing over of records"), labels=moves))
    for kind in data_kinds():
        AUDIT_KINDS.add(kind)
    for prefix, label in _PLAIN:
        AUDIT_KINDS.add(AuditKind(prefix, label, labels={**LABELS, **_MORE_LABELS}))


def org_changes(access: CrmAccess, event: Event) -> list[Change]:
    """What is kept as a code, in words."""
    changes = event.data.get("changes") or {}
    told = {key: [_ORG_WORDS.get(key, {}).get(value, value) for value in pair] for key, pair in changes.items()}
    return plain_changes(audit_kind_of(event.topic), {**event.data, "changes": told}, words_for)


_ORG_WORDS: Mapping[str, Mapping[Any, Text]] = {
    "language": dict(settings.LANGUAGES),
    "fiscal_month": MONTHS,
    "name_order": dict(NameOrder.choices),
}


def member_changes(access: CrmAccess, event: Event) -> list[Change]:
    """What every org has from the start is kept by its English name."""
    return plain_changes(_MEMBER, event.data, lambda value: _(value) if value in _FROM_THE_START else words_for(value))


_FROM_THE_START = (ADMINISTRATOR, STANDARD, MANAGEMENT, SALES)
_MEMBER = AuditKind(
    "crm.member.",
    gettext_lazy("Member"),
    deeds={"updated": gettext_lazy("profile or role changed")},
    labels={"profile": _PROFILE, "role": _ROLE},
    changes=member_changes,
)
_PROFILE_LABELS = {"source": gettext_lazy("Copy of"), "replacement": _REPLACEMENT, "people": _PEOPLE, "name": _NAME}


def profile_changes(access: CrmAccess, event: Event) -> list[Change]:
    """Rights in words: module by module, right by right, only what is not as it was."""
    changes = event.data.get("changes") or {}
    found = []
    if name := changes.get("name"):
        found.append(Change(_NAME, *name))
    if codes := changes.get("permissions"):
        found += _permission_changes(*codes)
    if modules := changes.get("module_rights"):
        found += _module_changes(access, *modules)
    found += _field_changes(access, event.data.get("module", ""), event.data.get("fields") or {})
    told = {key: event.data[key] for key in ("source", "replacement", "people") if event.data.get(key)}
    return found + [Change(_PROFILE_LABELS[key], "", str(value)) for key, value in told.items()]


def _permission_changes(old: list[str], new: list[str]) -> list[Change]:
    yes, no = _("allowed"), _("not allowed")
    return [
        Change(one.label, yes if one.code in old else no, yes if one.code in new else no)
        for one in declared()
        if (one.code in old) != (one.code in new)
    ]


def _module_changes(access: CrmAccess, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    modules = schema_of(access.org).by_id
    found = []
    for key in new:
        module = modules.get(int(key)) if is_id(key) else None
        before, after = old.get(key, old.get("default", {})), new[key]
        label = module.plural if module else OTHER_MODULES
        for right, words in {**SCOPED, **ALLOWED}.items():
            if before.get(right) != after.get(right):
                found.append(
                    Change(f"{label} – {words}", _right(right, before.get(right)), _right(right, after.get(right)))
                )
    return found


def _right(right: str, value: Any) -> str:
    return str(SCOPES[scope_named(value)]) if right in SCOPED else _("allowed") if value else _("not allowed")


def _field_changes(access: CrmAccess, module_name: str, fields: Mapping[str, list[str]]) -> list[Change]:
    schema = schema_of(access.org)
    known = schema[module_name].fields if module_name in schema else {}
    label = schema[module_name].plural if module_name in schema else module_name
    return [
        Change(
            f"{label} – {known[name].label if name in known else name}",
            str(FIELD_RIGHTS[FieldRight(old)]),
            str(FIELD_RIGHTS[FieldRight(new)]),
        )
        for name, (old, new) in fields.items()
    ]
