"""Who is signed in: the person of a session, whom every page asks for."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.identity.people.models import Person


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # the library tells no types
    def get_user(self, user_id: int) -> Person | None:
        """None for somebody deactivated, too."""
        person = first_row(_person(user_id))
        return person if person and self.user_can_authenticate(person) else None


@fixed_read
def _person(person_id: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=person_id)
