from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from kakehashi.core.errors import InvalidValues
from kakehashi.identity.mails.actions import queue_mail
from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person

from .links import Invitation, invitation_link, read_link


def send_invitation(person: Person, *, inviter_name: str, place_name: str, next_url: str = "") -> str:
    """Write to the person that `inviter_name` added them to `place_name`. Answers the link that the mail holds.

    Sending again makes no earlier link void; using one does.
    """
    link = invitation_link(person, next_url=next_url)
    context = {"inviter_name": inviter_name, "place_name": place_name, "link": link}
    queue_mail("identity/invitations/templates/invitation", person.email, context, person=person)
    return link


def accept_invitation(token: str, *, password: str, family_name: str, given_name: str) -> Invitation:
    """Set the first password through a link. The link shows that the mails are read, so the address is verified too."""
    with transaction.atomic():
        invitation = read_link(token)
        person = Person.objects.select_for_update().get(pk=invitation.person.pk)
        read_link(token)  # again, under the lock: of two at once one finds the link used
        person.family_name, person.given_name = family_name, given_name
        _check_password(password, person)
        person.set_password(password)
        person.save(update_fields=["password", "family_name", "given_name"])
        verify_email(person)
    return Invitation(person, invitation.next_url)


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise InvalidValues({"password": " ".join(refused.messages)}) from None
