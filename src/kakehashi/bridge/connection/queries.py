from django.db.models import QuerySet

from .models import Connection, State


def living_connection(org_id: int) -> Connection | None:
    """The one connection of an org, paused or not."""
    return Connection.objects.filter(org_id=org_id).exclude(state=State.DISABLED).first()


def history_of(connection: Connection) -> QuerySet:  # type: ignore[type-arg]
    return connection.transitions.all()
