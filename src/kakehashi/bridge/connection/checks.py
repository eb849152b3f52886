"""What a connection needs, looked at live: each with what is wrong and where it is mended (lesson D2). Nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import gettext as _

from kakehashi.bridge.sides.protocols import CrmSide, DeskSide
from kakehashi.bridge.sides.records import ModuleInfo
from kakehashi.bridge.sync.mapping import BY_NAME, ModulePair
from kakehashi.core.errors import ProductError, Text


@dataclass(frozen=True, slots=True)
class Check:
    """`problem` is empty when all is well; `cure_url` leads to where it is mended, if there is such a place."""

    label: Text
    found: Text = ""
    problem: Text = ""
    cure: Text = ""
    cure_url: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.problem


def checks_of_crm(crm: CrmSide, modules: Sequence[str]) -> list[Check]:
    """The modules to be kept in step are there, switched on, and have the fields that join records."""
    infos = {info.api_name: info for info in crm.describe()}
    return [check for name in modules for check in _of_module(crm, BY_NAME[name], infos.get(BY_NAME[name].crm))]


def test_run(crm: CrmSide, desk: DeskSide, modules: Sequence[str]) -> list[Check]:
    """The way that the first sync will take, without its writes: both sides are described, counted and read."""
    checks = checks_of_crm(crm, modules)
    if all(check.is_fine for check in checks):
        for name in modules:
            pair = BY_NAME[name]
            checks += [_reading(crm, pair.crm), _reading(desk, pair.desk)]
    return checks


def _of_module(crm: CrmSide, pair: ModulePair, info: ModuleInfo | None) -> Iterator[Check]:
    if info is None:
        yield Check(
            _("Module %(module)s") % {"module": pair.crm},
            problem=_("This module was removed from the CRM."),
            cure=_("Put it back in the settings"),
            cure_url=crm.modules_url(),
        )
        return
    label = _("Module %(module)s") % {"module": info.label}
    if info.is_switched_off:
        yield Check(
            label,
            problem=_("This module is switched off in the CRM."),
            cure=_("Switch it on"),
            cure_url=crm.fields_url(info.api_name),
        )
        return
    fields = {field.api_name for field in info.fields}
    missing = [key.crm for key in pair.keys if key.crm not in fields]
    if missing:
        yield Check(
            label,
            problem=_("The field %(field)s, by which records are matched, was removed.") % {"field": missing[0]},
            cure=_("Put it back in the settings"),
            cure_url=crm.fields_url(info.api_name),
        )
    else:
        yield Check(label, found=_("ready"))


def _reading(side: CrmSide | DeskSide, module: str) -> Check:
    label = _("Read from %(side)s") % {"side": side.name}
    try:
        return Check(label, found=_read(side, module))
    except (ProductError, DatabaseError, OSError, LookupError) as failure:
        return Check(label, problem=str(failure) or repr(failure))


def _read(side: CrmSide | DeskSide, module: str) -> Text:
    ids = side.scan(module, limit=5)
    side.fetch(module, ids)
    label = next((info.label for info in side.describe() if info.api_name == module), module)
    return _("%(module)s: %(count)s records") % {"module": label, "count": f"{side.count(module):,}"}
