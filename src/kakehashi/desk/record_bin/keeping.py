"""For how many days deleted tickets, contacts, accounts and products are kept: shown on every recycle bin, chosen by administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi.core.keeping import DAY_CHOICES, is_choice, read_choice
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.ui.toasts import add_toast

from .actions import change_keeping
from .queries import keep_days


@require_POST
@desk_page
def keeping(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """After how many days the bins empty themselves; back to the bin on which it was chosen."""
    sent = request.POST.get("days", "")
    access.require("may_administer")
    if is_choice(sent):
        change_keeping(access.portal, days=read_choice(sent), actor=access.actor)
        add_toast(request, _("Saved."))
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("desk_ticket_bin", access.portal.pk)


def keeping_context(access: DeskAccess) -> dict[str, Any]:
    """What `ui/recycle_bin/templates/keeping.html` shows."""
    return {
        "days": keep_days(access.portal),
        "day_choices": DAY_CHOICES,
        "keeping_url": reverse("desk_bin_keeping", args=[access.portal.pk]) if access.rights.may_administer else "",
    }
