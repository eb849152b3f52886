"""The page's form: where each lead goes, what is suggested and why, and what the person chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core import clock
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.fields.kind import Names
from kakehashi.core.ids import id_in, is_id
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.record_form.forms import RecordForm
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.defaults import defaults_of
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit, record_names, visible_records
from kakehashi.crm.records.slots import RECORD_BELONGINGS

from .actions import ACCOUNTS, CONTACTS, DEALS, LEADS, ConversionPlan, Into
from .mapping import values_for
from .queries import suggested, suggested_deals

NEW, NONE, OTHER = "new", "none", "other"
_DEAL_FIELDS = ("Deal_Name", "Stage", "Closing_Date", "Amount")
_STRONG = 2
_DAYS_TO_CLOSE = 30


@dataclass
class Target:
    """One question of the form: which record of a module? `suggestions` are (id, name, evidence)."""

    key: str
    module: ModuleSchema
    suggestions: Sequence[tuple[int, str, str]]
    chosen: str
    may_create: bool
    may_be_none: bool
    form: RecordForm | None = None  # what a new record needs beyond the lead's own values
    new_name: str = ""
    other: tuple[int, str] | None = None
    refusals: list[Text] = field(default_factory=list)


class Converting:
    """All leads that are converted together: one account, one deal, a contact each."""

    def __init__(self, access: CrmAccess, leads: Sequence[Record], sent: QueryDict | None = None) -> None:
        self.access, self.leads, self.sent = access, leads, sent
        self._members = members_of(access)
        self.account = self._account()
        self.contacts = [(lead, self._contact(lead)) for lead in leads]
        self.deal = self._deal()
        offered = [kind for kind in RECORD_BELONGINGS if kind.is_offered]
        self.carry = [(kind.key, kind.label, sent is None or f"carry-{kind.key}" in sent) for kind in offered]

    @property
    def companies(self) -> list[str]:
        return list(dict.fromkeys(str(lead.values["Company"]) for lead in self.leads if lead.values.get("Company")))

    @property
    def targets(self) -> list[Target]:
        return [target for target in (self.account, *(one for _lead, one in self.contacts), self.deal) if target]

    def is_valid(self) -> bool:
        for target in self.targets:
            if target.chosen == OTHER and not target.other:
                target.refusals.append(_("Choose an entry from the list."))
            if target.chosen == NEW and target.form and not target.form.is_valid():
                target.refusals += [str(one) for errors in target.form.errors.values() for one in errors]
        return not any(target.refusals for target in self.targets)

    def plan_for(self, lead: Record, account_id: int | None, deal_id: int | None) -> ConversionPlan:
        """The first lead makes what is new; the others go into the same account and deal."""
        contact = next(target for one, target in self.contacts if one.pk == lead.pk)
        carry = [key for key, _label, is_chosen in self.carry if is_chosen]
        carry_to = self.sent.get("carry_to", CONTACTS) if self.sent else CONTACTS
        return ConversionPlan(
            contact=self._into(contact) or Into(),
            account=Into(account_id) if account_id else self._into(self.account),
            deal=Into(deal_id) if deal_id else self._into(self.deal),
            carry=carry,
            carry_to=str(carry_to),
        )

    def refuse(self, refused: InvalidValues, lead: Record) -> None:
        """Put what the action refused beside the question it is about."""
        contact = next(target for one, target in self.contacts if one.pk == lead.pk)
        of_module = {ACCOUNTS: self.account, CONTACTS: contact, DEALS: self.deal}
        for name, sentence in refused.by_field.items():
            module_name, _dot, field_name = name.partition(".")
            target = of_module.get(module_name) or contact
            known = target.module.fields.get(field_name)
            target.refusals.append(f"{known.label}: {sentence}" if known else sentence)

    def _account(self) -> Target | None:
        if ACCOUNTS not in self.access.schema:
            return None
        found = [one for lead in self.leads for one in suggested(self.access, ACCOUNTS, lead)]
        return self._target(
            "account",
            ACCOUNTS,
            [(one.record.pk, one.record.name, _listed(one.evidence)) for one in found],
            default=str(found[0].record.pk) if found else NEW if self.companies else NONE,
            may_be_none=True,
            values=values_for(self.access.schema[ACCOUNTS], self.leads[0].values, self.access.schema[LEADS]),
            asked=["Account_Name"],
        )

    def _contact(self, lead: Record) -> Target:
        found = suggested(self.access, CONTACTS, lead)
        email = str(lead.values.get("Email") or "").casefold()
        is_strong = bool(found) and (
            len(found[0].evidence) >= _STRONG
            or (email and any(email in str(one).casefold() for one in found[0].evidence))
        )
        target = self._target(
            f"contact-{lead.pk}",
            CONTACTS,
            [(one.record.pk, one.record.name, _listed(one.evidence)) for one in found],
            default=str(found[0].record.pk) if is_strong else NEW,
            may_be_none=False,
            values=values_for(self.access.schema[CONTACTS], lead.values, self.access.schema[LEADS]),
            asked=[],
        )
        target.new_name = lead.name
        return target

    def _deal(self) -> Target | None:
        if DEALS not in self.access.schema:
            return None
        accounts = [pk for pk, _name, _evidence in self.account.suggestions] if self.account else []
        deals = [(deal.pk, deal.name, "") for deal in suggested_deals(self.access, accounts)]
        values = self._deal_values()
        return self._target("deal", DEALS, deals, default=NONE, may_be_none=True, values=values, asked=_DEAL_FIELDS)

    def _deal_values(self) -> dict[str, Any]:
        module = self.access.schema[DEALS]
        closing = timezone.localtime(clock.now()).date() + timedelta(days=_DAYS_TO_CLOSE)
        stages = module.fields["Stage"].choices if "Stage" in module.fields else ()
        return {
            **defaults_of(module, person_id=self.access.person.pk),
            **values_for(module, self.leads[0].values, self.access.schema[LEADS]),
            "Deal_Name": (self.companies or [self.leads[0].name])[0],
            "Stage": stages[0].value if stages else None,
            "Closing_Date": closing.isoformat(),
        }

    def _target(
        self,
        key: str,
        module_name: str,
        suggestions: Sequence[tuple[int, str, str]],
        *,
        default: str,
        may_be_none: bool,
        values: Mapping[str, Any],
        asked: Sequence[str],
    ) -> Target:
        module = self.access.schema[module_name]
        may_create = self.access.may("create_records", module)
        unique = list({entry[0]: entry for entry in suggestions}.values())
        if default == NEW and not may_create:
            default = NONE if may_be_none else OTHER
        chosen = self.sent.get(key, default) if self.sent else default
        target = Target(key, module, unique, chosen, may_create, may_be_none)
        target.other = self._other(module, key)
        target.form = self._form(key, module, values, asked)
        return target

    def _other(self, module: ModuleSchema, key: str) -> tuple[int, str] | None:
        text = self.sent.get(f"{key}-other", "") if self.sent else ""
        if not is_id(text):
            return None
        return visible_records(self.access, module).filter(pk=int(text)).values_list("pk", "name").first()

    def _form(
        self, key: str, module: ModuleSchema, values: Mapping[str, Any], asked: Sequence[str]
    ) -> RecordForm | None:
        """What is asked for, and what a new record requires and the lead does not give."""
        lacking = [one.api_name for one in module.required if values.get(one.api_name) is None]
        own = ("Account_Name", "Contact_Name") if module.api_name in (CONTACTS, DEALS) else ()
        names = [name for name in dict.fromkeys([*asked, *lacking]) if name in module.fields and name not in own]
        if not names:
            return None
        ids = {int(one) for name in names if (one := values.get(name)) and module.fields[name].lookup_module}
        known = Names(record_names(self.access.org.pk, ids), dict(self._members), self.access.org.currency)
        form = RecordForm(module, data=self.sent, values=values, names=known, people=self._members, only=names)
        form.prefix = key
        return form

    def _into(self, target: Target | None) -> Into | None:
        if target is None or target.chosen == NONE:
            return None
        if target.chosen == NEW:
            typed = target.form.cleaned_data if target.form else {}
            return Into(values={name: value for name, value in typed.items() if value is not None})
        text = str(target.other[0]) if target.chosen == OTHER and target.other else target.chosen
        known = visible_records(self.access, target.module).filter(pk=id_in(text) or 0).first()
        if known is None:
            raise InvalidValues({target.module.api_name: _("The chosen entry does not exist any more.")})
        return Into(known.pk, may_fill=may_edit(self.access, known))


def _listed(parts: Sequence[Text]) -> str:
    return pgettext("between things", ", ").join(str(part) for part in parts)
