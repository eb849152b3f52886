"""Finding and making portals of our own Desk."""

from collections.abc import Sequence

from kakehashi.bridge.sides.tickets import Choice
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.developer.actions import administrators, use_key
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.queries import portals_administered_by
from kakehashi.identity.people.models import Person


class EmbeddedPortals:
    """Implements `PortalDirectory`."""

    def administered_by(self, person_id: int) -> Sequence[Choice]:
        return [Choice(str(portal.pk), portal.name, portal.slug) for portal in portals_administered_by(person_id)]

    def opened_by(self, *, email: str, key: str, org_id: int, org_name: str, actor: Actor) -> tuple[Choice, int]:
        portal = use_key(email=email, key=key, source=f"org:{org_id}", who=actor.name, place=org_name)
        administrator = administrators(portal).get(person__email=normal_email(email))
        return Choice(str(portal.pk), portal.name, portal.slug), administrator.person_id

    def create(self, name: str, actor: Actor) -> int:
        person = Person.objects.filter(pk=actor.person_id or 0).first()
        if person is None:
            raise NotFound
        return create_portal(name=name, administrator=person, language=person.language).pk
