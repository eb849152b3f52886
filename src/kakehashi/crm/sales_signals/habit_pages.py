"""What reaches me: each kind on the bell, by mail once a day, or not at all; and what I silenced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.ui.shell.workspace import render_page
from kakehashi.ui.toasts import add_toast

from .habits import channels_of, choose_channels
from .kinds import SIGNAL_KINDS
from .models import Channel
from .muting import mutes_of
from .pages import TEMPLATES, addresses


@require_http_methods(["GET", "POST"])
@crm_page
def habits(request: HttpRequest, access: CrmAccess) -> HttpResponse:
    kinds = [kind for kind in SIGNAL_KINDS if kind.is_offered(access.org.pk)]
    if request.method == "POST":
        choose_channels(access, {kind.code: request.POST.get(kind.code, "") for kind in kinds})
        add_toast(request, _("Saved."))
        return redirect("crm_signal_habits", access.org.pk)
    chosen = channels_of(access)
    rows = [
        (kind, [(value, label, value == chosen.get(kind.code, Channel.BELL)) for value, label in Channel.choices])
        for kind in kinds
    ]
    context = {"rows": rows, "mutes": mutes_of(access), "person": access.person, **addresses(access)}
    return render_page(request, f"{TEMPLATES}/habits.html", context, workspace=workspace_of(access), active="signals")
