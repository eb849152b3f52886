"""Which signals the administrators of a connection let through (spec G1)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.connection.queries import living_connection
from kakehashi.bridge.sides.news import NewsKind
from kakehashi.core.actors import Actor
from kakehashi.core.errors import Text
from kakehashi.core.events.log import Fact, write_fact

from .kinds import AUDIENCE_OF, AUDIENCES, KINDS, Audience, DeskKind
from .models import SignalChoice


@dataclass(frozen=True, slots=True)
class ChosenKind:
    """A kind with the audiences that it is on for."""

    kind: DeskKind
    on: frozenset[Audience]

    @property
    def words(self) -> str:
        """ "Leads, Contacts", "" for none."""
        return _(", ").join(str(label) for name, label in AUDIENCES.items() if name in self.on)


def choices_of(connection: Connection) -> list[ChosenKind]:
    row = SignalChoice.objects.filter(connection=connection).first()
    off = set(row.off) if row else set()
    return [
        ChosenKind(kind, frozenset(one for one in AUDIENCES if key_of(kind.news, one) not in off)) for kind in KINDS
    ]


def audiences_by_news(connection: Connection) -> dict[NewsKind, frozenset[Audience]]:
    return {one.kind.news: one.on for one in choices_of(connection)}


def key_of(news: NewsKind, audience: Audience) -> str:
    """As forms send it."""
    return f"{news}:{audience}"


@transaction.atomic
def choose(connection: Connection, wanted: Collection[str], *, actor: Actor) -> None:
    """Exactly these are on afterwards; names of nothing are left out."""
    SignalChoice.objects.get_or_create(connection=connection)
    row = SignalChoice.objects.select_for_update().get(connection=connection)
    before = choices_of(connection)
    row.off = [key for kind in KINDS for one in AUDIENCES if (key := key_of(kind.news, one)) not in wanted]
    row.save(update_fields=["off"])
    after = choices_of(connection)
    changes = {
        new.kind.code: [_said(old), _said(new)] for old, new in zip(before, after, strict=True) if old.on != new.on
    }
    if changes:
        data = {"changes": changes}
        write_fact(Fact(connection.tenant, "bridge.signals.updated", "bridge.connection", connection.pk, data), actor)


def rings_for(org_id: int, module: str) -> Connection | None:
    """The org's living connection, if people are told of tickets because of records of this module: they open those tickets then, too."""
    audience = AUDIENCE_OF.get(module)
    connection = living_connection(org_id) if audience else None
    return connection if connection and any(audience in one.on for one in choices_of(connection)) else None


def _said(chosen: ChosenKind) -> Text:
    return chosen.words or pgettext("signals of a kind", "Not at all")
