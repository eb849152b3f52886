from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues
from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.sessions import sign_in

from .actions import accept_invitation
from .forms import InvitationForm
from .links import Invitation, LinkIsVoid, read_link


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: the first password, or the sign-in for people who have one."""
    try:
        found = read_link(token)
    except LinkIsVoid as told:
        return render(request, "identity/invitations/templates/void.html", {"told": told}, status=told.status)
    if found.person.has_usable_password():
        return redirect(_sign_in_url(found))
    if request.method == "POST":
        return _accept(request, token, found)
    return _show(request, InvitationForm(initial=_names(found.person)), found, status=200)


def _accept(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _show(request, form, found, status=422)
    try:
        accepted = accept_invitation(token, **form.cleaned_data)
    except InvalidValues as refused:
        for field, sentence in refused.by_field.items():
            form.add_error(field, str(sentence))
        return _show(request, form, found, status=422)
    sign_in(request, accepted.person, by="password")
    return redirect(_next_url(request, accepted))


def _next_url(request: HttpRequest, accepted: Invitation) -> str:
    is_ours = url_has_allowed_host_and_scheme(accepted.next_url, {request.get_host()})
    return accepted.next_url if is_ours else reverse("home")


def _sign_in_url(found: Invitation) -> str:
    query = {"next": found.next_url} if found.next_url else {}
    return f"{reverse('account_login')}?{urlencode(query)}" if query else reverse("account_login")


def _names(person: Person) -> dict[str, str]:
    return {"family_name": person.family_name, "given_name": person.given_name}


def _show(request: HttpRequest, form: InvitationForm, found: Invitation, *, status: int) -> HttpResponse:
    context = {"form": form, "person": found.person}
    return render(request, "identity/invitations/templates/accept.html", context, status=status)
