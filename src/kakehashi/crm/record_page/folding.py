"""Which cards of a module's record pages a person keeps folded."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, crm_page

from .models import FoldedPanel

_LONGEST = 140


def folded_panels(access: CrmAccess, module: ModuleSchema) -> set[str]:
    rows = FoldedPanel.objects.filter(person=access.person, org=access.org, module_id=module.id)
    return set(rows.values_list("panel", flat=True))


@transaction.atomic
def keep_folded(access: CrmAccess, module: ModuleSchema, panel: str) -> None:
    FoldedPanel.objects.get_or_create(person=access.person, org=access.org, module_id=module.id, panel=panel[:_LONGEST])


@transaction.atomic
def keep_open(access: CrmAccess, module: ModuleSchema, panel: str) -> None:
    FoldedPanel.objects.filter(person=access.person, org=access.org, module_id=module.id, panel=panel).delete()


@require_POST
@crm_page
def panel(request: HttpRequest, access: CrmAccess, module_name: str, panel_key: str) -> HttpResponse:
    """Remember that a card is folded (`folded`), or open again."""
    (keep_folded if request.POST.get("folded") else keep_open)(access, access.schema[module_name], panel_key)
    return HttpResponse(status=204)
