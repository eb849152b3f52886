"""Which module and which field goes with which: the default pairs of contracts §4.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kakehashi.bridge.sides.records import FieldInfo, FieldType, ModuleInfo

from .reconcile import Direction, Rule

ModuleName = Literal["accounts", "contacts"]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A mapped field. It goes by its Desk name. A reference points at records of `refers_to`."""

    crm: str
    desk: str
    crm_type: FieldType = "text"
    desk_type: FieldType = "text"
    refers_to: ModuleName | None = None
    direction: Direction = "to_desk"
    rule: Rule = "crm_wins"


@dataclass(frozen=True, slots=True)
class MatchKey:
    crm: str
    desk: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class ModulePair:
    """A kept-in-step module: its names on both sides, what joins its records, and what travels."""

    name: ModuleName
    crm: str
    desk: str
    keys: tuple[MatchKey, ...]
    fields: tuple[FieldPair, ...]


def _text(**pairs: str) -> tuple[FieldPair, ...]:
    return tuple(FieldPair(crm=crm, desk=desk) for desk, crm in pairs.items())


_ACCOUNTS = ModulePair(
    name="accounts",
    crm="Accounts",
    desk="accounts",
    keys=(MatchKey("Account_Name", "accountName", "text"),),
    fields=_text(
        accountName="Account_Name", website="Website", phone="Phone", fax="Fax", industry="Industry",
        annualrevenue="Annual_Revenue", street="Billing_Street", city="Billing_City", state="Billing_State",
        code="Billing_Code", country="Billing_Country", description="Description",
    ),
)  # fmt: skip

# Secondary_Email is mapped by itself, always (spec Y6).
_CONTACTS = ModulePair(
    name="contacts",
    crm="Contacts",
    desk="contacts",
    keys=(MatchKey("Email", "email", "email"),),
    fields=(
        *_text(
            firstName="First_Name", lastName="Last_Name", email="Email", secondaryEmail="Secondary_Email", phone="Phone",
            mobile="Mobile", title="Title", street="Mailing_Street", city="Mailing_City", state="Mailing_State",
            zip="Mailing_Zip", country="Mailing_Country", description="Description",
        ),
        FieldPair(crm="Account_Name", desk="accountId", refers_to="accounts"),
    ),
)  # fmt: skip

# In the order in which references point: accounts before contacts.
MODULES: tuple[ModulePair, ...] = (_ACCOUNTS, _CONTACTS)
MODULE_NAMES: tuple[ModuleName, ...] = tuple(module.name for module in MODULES)
REFERRED_TO = {pair.refers_to for module in MODULES for pair in module.fields if pair.refers_to}
BY_NAME: Mapping[str, ModulePair] = {module.name: module for module in MODULES}
BY_CRM_NAME: Mapping[str, ModulePair] = {module.crm: module for module in MODULES}
BY_DESK_NAME: Mapping[str, ModulePair] = {module.desk: module for module in MODULES}


def usable_pairs(
    module: ModulePair, crm: Sequence[ModuleInfo], desk: Sequence[ModuleInfo], *, direction: Direction
) -> tuple[FieldPair, ...]:
    """The module's pairs that both sides have now, with the types they have there."""
    crm_fields, desk_fields = _fields_of(crm, module.crm), _fields_of(desk, module.desk)
    return tuple(
        FieldPair(
            crm=pair.crm,
            desk=pair.desk,
            crm_type=crm_fields[pair.crm].type,
            desk_type=desk_fields[pair.desk].type,
            refers_to=pair.refers_to,
            direction=direction,
            rule=pair.rule,
        )
        for pair in module.fields
        if pair.crm in crm_fields and pair.desk in desk_fields and not desk_fields[pair.desk].is_read_only
    )


def _fields_of(modules: Sequence[ModuleInfo], name: str) -> Mapping[str, FieldInfo]:
    return next(
        ({field.api_name: field for field in module.fields} for module in modules if module.api_name == name), {}
    )
