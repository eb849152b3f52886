"""Signing up, where the installation lets strangers in (`KAKEHASHI_SIGN_UP=1`)."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.identity.invitations.links import LinkIsVoid
from kakehashi.identity.preferences.time_zones import is_time_zone
from kakehashi.identity.sign_in.sessions import sign_in
from kakehashi.ui.shell.workspace import NEW_WORKSPACES

from .actions import ask_to_confirm, sign_up
from .forms import AccountForm, AddressForm
from .links import read_email

_TEMPLATES = "identity/sign_up/templates"


@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Where it begins: an address, and a mail to it."""
    _require_open()
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="sign_up", key=email.lower()):
            return render(request, f"{_TEMPLATES}/address.html", {"form": form, "is_too_often": True}, status=429)
        ask_to_confirm(email, site_url=settings.PUBLIC_URL)
        return render(request, f"{_TEMPLATES}/sent.html", {"email": email})
    return render(request, f"{_TEMPLATES}/address.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail's link leads: name and password, then an organisation."""
    _require_open()
    try:
        email = read_email(token)
        form = AccountForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _sign_up(request, token, form):
            return redirect(next((link.url for link in NEW_WORKSPACES), "home"))
    except LinkIsVoid as told:
        return render(request, f"{_TEMPLATES}/void.html", {"told": told}, status=told.status)
    context = {"form": form, "email": email}
    return render(request, f"{_TEMPLATES}/account.html", context, status=422 if form.errors else 200)


def _sign_up(request: HttpRequest, token: str, form: AccountForm) -> bool:
    values = dict(form.cleaned_data)
    zone = values.pop("time_zone")
    try:
        person = sign_up(
            token,
            **values,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            time_zone=zone if is_time_zone(zone) else settings.TIME_ZONE,
        )
    except InvalidValues as refused:
        for field, sentence in refused.by_field.items():
            form.add_error(field, str(sentence))
        return False
    sign_in(request, person, by="password")
    return True


def _require_open() -> None:
    if not settings.SIGN_UP:
        raise NotFound
