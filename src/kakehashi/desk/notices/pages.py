"""Which mails of the product's own a person gets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.ui.toasts import add_toast

from .choices import CHOICES, choose, wanted_by


@require_http_methods(["GET", "POST"])
@desk_page
def notices(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """One's own, whatever one may do in the portal."""
    if request.method == "POST":
        choose(access.agent, request.POST.getlist("wanted"))
        add_toast(request, _("Saved"))
        return redirect("desk_notices", access.portal.pk)
    wanted = wanted_by(access.agent)
    rows = [(key, label, key in wanted) for key, label in CHOICES.items()]
    return settings_page(request, access, "notices", "desk/notices/templates/choices.html", {"rows": rows})
