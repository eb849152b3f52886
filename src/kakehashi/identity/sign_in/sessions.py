"""Opening a session for a person whom we know already, without asking allauth's form."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from django.http import HttpRequest

from kakehashi.identity.people.models import Person


def sign_in(request: HttpRequest, person: Person, *, by: str) -> None:
    """Sign in at once. `by` ("password", "invitation", "demo") is kept with the session, as allauth keeps its own methods."""
    get_adapter().login(request, person)
    record_authentication(request, person, by)
    user_logged_in.send(sender=Person, request=request, user=person, response=None)
