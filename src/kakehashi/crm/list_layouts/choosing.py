"""Which layout a list is shown in: the one that the address asks for, which is then remembered, else the one of last time."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.ui.templatetags.ui_lists import query_with

from .models import ChosenLayout
from .slots import TABLE, ListLayout, layouts_of


@dataclass(frozen=True, slots=True)
class LayoutLink:
    """An entry of the switch above a list."""

    label: Text
    icon: str
    url: str
    is_current: bool


def choose_layout(request: HttpRequest, access: CrmAccess, module: ModuleSchema) -> ListLayout | None:
    """None is the table."""
    layouts = {layout.key: layout for layout in layouts_of(module)}
    if not layouts:
        return None
    wanted = request.GET.get("layout", "")
    if wanted not in {TABLE, *layouts}:
        kept = ChosenLayout.objects.filter(module_id=module.id, person_id=access.person.pk)
        return layouts.get(kept.values_list("layout", flat=True).first() or TABLE)
    ChosenLayout.objects.update_or_create(module_id=module.id, person_id=access.person.pk, defaults={"layout": wanted})
    return layouts.get(wanted)


def layout_links(request: HttpRequest, module: ModuleSchema, current: ListLayout | None) -> list[LayoutLink]:
    """The switch; empty where there is nothing to switch to."""
    layouts = layouts_of(module)
    if not layouts:
        return []
    table = LayoutLink(_("Table"), "layout-list", _address(request, TABLE), current is None)
    return [
        table,
        *(LayoutLink(entry.label, entry.icon, _address(request, entry.key), entry is current) for entry in layouts),
    ]


def _address(request: HttpRequest, layout: str) -> str:
    return query_with(request, layout=layout, after=None, before=None)
