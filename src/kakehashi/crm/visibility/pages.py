"""Why can I see this? And for administrators: why can somebody else not?"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from kakehashi.crm.members.queries import find_member
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.records.queries import find_record

from .queries import owner_of, verdict_on, verdicts_on


@require_GET
@crm_page
def visibility(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """Who may see and change a record, and by what. Who manages people may ask about one person, too."""
    record = find_record(access, module_name, record_id)
    module = access.schema[module_name]
    may_ask = access.may("manage_people")
    asked = find_member(access, request.GET["person"]) if may_ask and request.GET.get("person") else None
    everybody = verdicts_on(access, record)
    context = {
        "record": record,
        "module": module,
        "owner": owner_of(record),
        "own": verdict_on(access, record, access.membership),
        "verdicts": [one for one in everybody if one.view.is_yes],
        "asked": verdict_on(access, record, asked) if asked else None,
        "may_ask": may_ask,
        "members": Membership.objects.select_related("person").filter(org=access.org).order_by("pk") if may_ask else [],
        "record_url": reverse("crm_record", args=[access.org.pk, module.api_name, record.pk]),
    }
    template = "crm/visibility/templates/visibility.html"
    return render_module_page(request, access, module, template, context)
