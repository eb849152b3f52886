"""Which module and which field goes with which: the default pairs of contracts §4.4, or what an administrator chose (spec Y3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from kakehashi.bridge.sides.records import FieldInfo, FieldType, ModuleInfo, SideName

from .reconcile import Direction, Rule
from .setting_models import FieldMapping, SyncedModule

ModuleName = Literal["accounts", "contacts", "products"]


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A mapped field. It goes by its Desk name. A reference points at records of `refers_to`.

    `to_desk` and `to_crm` translate the choices of a pick list whose words differ.
    """

    crm: str
    desk: str
    crm_type: FieldType = "text"
    desk_type: FieldType = "text"
    refers_to: ModuleName | None = None
    direction: Direction = "to_desk"
    rule: Rule = "crm_wins"
    to_desk: Mapping[str, str] = field(default_factory=dict)
    to_crm: Mapping[str, str] = field(default_factory=dict)

    def name_on(self, side: SideName) -> str:
        return self.crm if side == "crm" else self.desk

    def type_on(self, side: SideName) -> FieldType:
        return self.crm_type if side == "crm" else self.desk_type

    def choices_on(self, side: SideName) -> Mapping[str, str]:
        """What the other side's words become on this one."""
        return self.to_crm if side == "crm" else self.to_desk

    def goes_to(self, side: SideName) -> bool:
        return self.direction in ("both", f"to_{side}")


@dataclass(frozen=True, slots=True)
class MatchKey:
    """What joins records. Two that both have a strong key and differ in it are never the same, whatever else they share."""

    crm: str
    desk: str
    type: FieldType
    is_strong: bool = False

    def name_on(self, side: SideName) -> str:
        return self.crm if side == "crm" else self.desk


@dataclass(frozen=True, slots=True)
class ModulePair:
    """A kept-in-step module: its names on both sides, what joins its records, and what travels by default.

    `more_keys` join records only where an administrator chose them (spec Y4).
    """

    name: ModuleName
    crm: str
    desk: str
    keys: tuple[MatchKey, ...]
    fields: tuple[FieldPair, ...]
    more_keys: tuple[MatchKey, ...] = ()

    def name_on(self, side: SideName) -> str:
        return self.crm if side == "crm" else self.desk


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
SECONDARY_EMAIL = FieldPair(crm="Secondary_Email", desk="secondaryEmail")
_CONTACTS = ModulePair(
    name="contacts",
    crm="Contacts",
    desk="contacts",
    keys=(MatchKey("Email", "email", "email"),),
    more_keys=(
        MatchKey("Email", "secondaryEmail", "email"),
        MatchKey("Secondary_Email", "email", "email"),
        MatchKey("Secondary_Email", "secondaryEmail", "email"),
    ),
    fields=(
        *_text(
            firstName="First_Name", lastName="Last_Name", email="Email", secondaryEmail="Secondary_Email", phone="Phone",
            mobile="Mobile", title="Title", street="Mailing_Street", city="Mailing_City", state="Mailing_State",
            zip="Mailing_Zip", country="Mailing_Country", description="Description",
        ),
        FieldPair(crm="Account_Name", desk="accountId", refers_to="accounts"),
    ),
)  # fmt: skip

_PRODUCTS = ModulePair(
    name="products",
    crm="Products",
    desk="products",
    keys=(
        MatchKey("Product_Code", "productCode", "text", is_strong=True),
        MatchKey("Product_Name", "productName", "text"),
    ),
    fields=_text(
        productName="Product_Name", productCode="Product_Code", unitPrice="Unit_Price", description="Description"
    ),
)  # fmt: skip

# In the order in which references point: accounts before contacts.
MODULES: tuple[ModulePair, ...] = (_ACCOUNTS, _CONTACTS, _PRODUCTS)
MODULE_NAMES: tuple[ModuleName, ...] = tuple(module.name for module in MODULES)
REFERRED_TO = {pair.refers_to for module in MODULES for pair in module.fields if pair.refers_to}
BY_NAME: Mapping[str, ModulePair] = {module.name: module for module in MODULES}
BY_CRM_NAME: Mapping[str, ModulePair] = {module.crm: module for module in MODULES}
BY_DESK_NAME: Mapping[str, ModulePair] = {module.desk: module for module in MODULES}
# What a reference field of the CRM and one of the Desk point at, where that is kept in step.
_TARGETS: Mapping[tuple[str, str], ModuleName] = {(module.crm, module.desk): module.name for module in MODULES}


def usable_pairs(
    module: ModulePair, crm: Sequence[ModuleInfo], desk: Sequence[ModuleInfo], synced: SyncedModule
) -> tuple[FieldPair, ...]:
    """The module's pairs that both sides have now, with the types they have there. A module that goes one way has fields that do."""
    crm_fields, desk_fields = fields_of(crm, module.crm), fields_of(desk, module.desk)
    return tuple(
        replace(
            pair,
            crm_type=crm_fields[pair.crm].type,
            desk_type=desk_fields[pair.desk].type,
            refers_to=_target(crm_fields[pair.crm], desk_fields[pair.desk]),
            direction=pair.direction if synced.is_two_way else "to_desk",
        )
        for pair in chosen_pairs(module, synced)
        if pair.crm in crm_fields
        and pair.desk in desk_fields
        and not desk_fields[pair.desk].is_read_only
        and (synced.is_two_way or pair.direction != "to_crm")
    )


def chosen_pairs(module: ModulePair, synced: SyncedModule) -> list[FieldPair]:
    """What was chosen, or the default pairs; of the latter every field goes the module's way."""
    rows = list(synced.fields.all()) if synced.pk else []
    if not rows:
        direction: Direction = "both" if synced.is_two_way else "to_desk"
        return [replace(pair, direction=direction) for pair in module.fields]
    pairs = [_chosen(row) for row in rows]
    if module.name == "contacts" and SECONDARY_EMAIL.desk not in {pair.desk for pair in pairs}:
        pairs.append(replace(SECONDARY_EMAIL, direction="both"))
    return pairs


def match_keys(module: ModulePair, synced: SyncedModule) -> tuple[MatchKey, ...]:
    return (*module.keys, *module.more_keys) if synced.match_secondary else module.keys


def fields_of(modules: Sequence[ModuleInfo], name: str) -> Mapping[str, FieldInfo]:
    return next(
        ({field.api_name: field for field in module.fields} for module in modules if module.api_name == name), {}
    )


def _chosen(row: FieldMapping) -> FieldPair:
    return FieldPair(
        crm=row.crm,
        desk=row.desk,
        direction=cast("Direction", row.direction),
        rule=cast("Rule", row.rule),
        to_desk=dict(row.choices),
        to_crm={desk: crm for crm, desk in reversed(row.choices)},
    )


def _target(crm: FieldInfo, desk: FieldInfo) -> ModuleName | None:
    if crm.type != "lookup" or desk.type != "lookup":
        return None
    return _TARGETS.get((crm.lookup_module, desk.lookup_module))
