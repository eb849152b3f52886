"""What measurements need around them."""

from secrets import token_hex

from kakehashi.core.actors import Actor
from kakehashi.crm.orgs.actions import create_org
from kakehashi.crm.orgs.models import Org
from kakehashi.identity.people.models import Person


def make_person(name: str) -> Person:
    """Of this run: with AGAIN=1 the last run's are there, too."""
    email = f"{name.lower().replace(' ', '.')}.{token_hex(4)}@bench.example"
    return Person.objects.create_user(email, family_name=name)


def make_org(name: str) -> tuple[Org, Actor]:
    """An org and its administrator, as the one who acts."""
    administrator = make_person(name)
    return create_org(name=name, administrator=administrator), administrator.as_actor()
