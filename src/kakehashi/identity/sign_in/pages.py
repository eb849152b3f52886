from allauth.account.adapter import get_adapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialApp
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kakehashi.core.errors import NotFound

from .demo import find_offered_person
from .devices import device_name
from .oidc import PROVIDER_ID
from .sessions import sign_in


@require_POST
def demo_sign_in(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Sign in as a person of the demonstration with one click. 404 outside demo mode."""
    sign_in(request, find_offered_person(offer_id), by="demo")
    return redirect("home")


@require_POST
def oidc_departure(request: HttpRequest) -> HttpResponse:
    """Leave for the OpenID Connect provider by a page that goes on by itself.

    A form may not be redirected to another site under our `form-action 'self'`, and the provider tells its addresses late.
    """
    try:
        provider = get_social_adapter().get_provider(request, PROVIDER_ID)
    except SocialApp.DoesNotExist:
        raise NotFound from None
    answer: HttpResponse = provider.redirect_from_request(request)
    if target := answer.headers.get("Location"):
        return render(request, "identity/sign_in/templates/departure.html", {"url": target, "provider": provider.name})
    return answer


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one other device of mine."""
    session = UserSession.objects.filter(pk=session_id, user_id=request.user.pk).first()
    if session is None:
        raise NotFound
    if session.is_current():
        get_adapter().logout(request)
        return redirect("account_login")
    session.end()
    messages.success(request, _("Signed out of %(device)s.") % {"device": device_name(session.user_agent)})
    return redirect("usersessions_list")
