"""What one does with the addresses and numbers of a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi.core.errors import InvalidValues
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.record_page.pages import cards_context
from kakehashi.crm.records.queries import find_editable
from kakehashi.ui.htmx import with_event, with_toast

from .primary import make_primary


@require_POST
@crm_page
def primary(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int, field_name: str) -> HttpResponse:
    """Swap with the primary one and show the fields again; 422 with the reason where another record has it as primary."""
    record = find_editable(access, module_name, record_id)
    module = access.schema[module_name]
    refusal = ""
    try:
        value = request.POST.get("value", "")
        record = make_primary(record, module=module, field_name=field_name, value=value, actor=access.actor)
    except InvalidValues as refused:
        refusal = " ".join(str(sentence) for sentence in refused.by_field.values())
    context = {**cards_context(access, module, record), "refusal": refusal}
    answer = render(request, "crm/record_page/templates/cards.html", context, status=422 if refusal else 200)
    return answer if refusal else with_toast(with_event(answer, "record-changed"), _("This is the primary one now."))
