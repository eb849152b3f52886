from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from kakehashi.identity.people.models import Person
from kakehashi.ui.shell.workspace import WORKSPACE_LINKS


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To where this person last worked, or to the first place they belong to."""
    if not isinstance(request.user, Person):
        return redirect("account_login")
    urls = [link.url for source in WORKSPACE_LINKS for link in source(request.user.pk)]
    if request.user.last_workspace in urls:
        return redirect(request.user.last_workspace)
    if urls:
        return redirect(urls[0])
    return render(request, "identity/home/templates/nowhere.html")
