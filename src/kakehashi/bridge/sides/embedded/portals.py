"""Finding and making portals of our own Desk."""

from collections.abc import Sequence

from kakehashi.bridge.sides.tickets import Choice
from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.queries import portals_administered_by
from kakehashi.identity.people.models import Person


class EmbeddedPortals:
    """Implements `PortalDirectory`."""

    def administered_by(self, person_id: int) -> Sequence[Choice]:
        return [Choice(str(portal.pk), portal.name, portal.slug) for portal in portals_administered_by(person_id)]

    def create(self, name: str, actor: Actor) -> int:
        person = Person.objects.filter(pk=actor.person_id or 0).first()
        if person is None:
            raise NotFound
        return create_portal(name=name, administrator=person, language=person.language).pk
