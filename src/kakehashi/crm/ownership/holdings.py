"""What somebody owns, counted by what can be given away at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.crm.deals.stages import STAGE, StageType, stages_of, values_of_type
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record

OPEN = ":open"


@dataclass(frozen=True, slots=True)
class Holding:
    """`key` is what a form sends: a module's id, or "<id>:open" for its deals that are neither won nor lost."""

    key: str
    label: Text
    icon: str
    count: int


def holdings_of(org: Org, person_id: int) -> list[Holding]:
    """Modules of which this person owns something, open deals apart. Two queries."""
    owned = Record.objects.filter(org_id=org.pk, owner_id=person_id, deleted_at=None)
    counts = dict(owned.order_by().values_list("module_id").annotate(count=Count("pk")))
    rows = []
    for module in schema_of(org):
        if count := counts.get(module.id, 0):
            rows.append(Holding(str(module.id), module.plural, module.icon, count))
            if stages_of(module):
                some = owned.filter(module_id=module.id).filter(_is_open(module)).count()
                label = _("%(deals)s, only open ones") % {"deals": module.plural}
                rows.append(Holding(f"{module.id}{OPEN}", label, module.icon, some))
    return rows


def chosen_records(org: Org, person_id: int, choice: Sequence[str]) -> QuerySet[Record]:
    """The live records of a person that a choice of holdings means."""
    records = Record.objects.filter(org_id=org.pk, owner_id=person_id, deleted_at=None)
    return records.filter(_conditions(org, choice)).defer("search")


def allowed_choice(org: Org, keys: Iterable[str]) -> list[str]:
    """What of it exists in this org; all of a module's records include the open ones."""
    known = {key for module in schema_of(org) for key in _keys(module)}
    chosen = [key for key in dict.fromkeys(keys) if key in known]
    return [key for key in chosen if key.removesuffix(OPEN) == key or key.removesuffix(OPEN) not in chosen]


def _keys(module: ModuleSchema) -> list[str]:
    return [str(module.id), *([f"{module.id}{OPEN}"] if stages_of(module) else [])]


def _conditions(org: Org, choice: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for key in choice:
        module = schema_of(org).by_id.get(int(key.removesuffix(OPEN)))
        if module is not None:
            found |= Q(module_id=module.id) & (_is_open(module) if key.endswith(OPEN) else Q())
    return found


def _is_open(module: ModuleSchema) -> Q:
    """A stage that nobody knows counts as open."""
    return ~Q(**{f"values__{STAGE}__in": values_of_type(module, StageType.WON, StageType.LOST)})
