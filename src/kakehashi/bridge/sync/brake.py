"""The brake: a sync that would move many records to the recycle bin stops by itself and asks (design §6, lesson C: a slip on one side must not empty both)."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from kakehashi.bridge.connection.models import Connection, Deed, State, Transition
from kakehashi.bridge.connection.steps import note
from kakehashi.core import clock

from .mapping import ModulePair
from .models import Link
from .outcome_models import JournalRow
from .setting_models import DeleteRule
from .subjects import Subject
from .workbench import Workbench

FEW = 50
SHARE = 0.05
_WINDOW = timedelta(minutes=10)
_LIFTED_FOR = timedelta(hours=1)


def must_stop(bench: Workbench, module: ModulePair, subjects: Sequence[Subject]) -> bool:
    """More than 50 deletions, and more than a twentieth of the pairs, within ten minutes; for an hour after somebody resumed, any number."""
    ending = [one for one in subjects if one.step == "part" or (one.step == "gone" and one.is_two_way)]
    if not ending or bench.settings(module).delete_rule != DeleteRule.FOLLOW:
        return False
    done = JournalRow.objects.filter(
        connection=bench.connection, module=module.name, kind=JournalRow.Kind.REMOVED, at__gt=clock.now() - _WINDOW
    ).count()
    if done + len(ending) <= FEW:
        return False
    pairs = Link.objects.filter(connection=bench.connection, module=module.name, state=Link.State.LIVE).count()
    return done + len(ending) > SHARE * (pairs + done) and not _is_lifted(bench.connection)


@transaction.atomic
def stop(bench: Workbench) -> None:
    """Pause, as the integration; what was to be done stays noted. A person looks, restores or resumes."""
    connection = bench.connection
    if Connection.objects.filter(pk=connection.pk, state=State.CONNECTED).update(state=State.PAUSED):
        connection.state = State.PAUSED
        note(connection, Deed.BRAKED, bench.actor)


def is_braked(connection: Connection) -> bool:
    """Paused by the brake, and by nobody since."""
    last = Transition.objects.filter(connection=connection).first()
    return connection.is_paused and last is not None and last.deed == Deed.BRAKED


def _is_lifted(connection: Connection) -> bool:
    """Somebody has seen why it stopped, and resumed all the same."""
    steps = Transition.objects.filter(connection=connection, deed__in=[Deed.BRAKED, Deed.RESUMED])
    last_two = list(steps[:2])
    return [one.deed for one in last_two] == [Deed.RESUMED, Deed.BRAKED] and last_two[0].at > clock.now() - _LIFTED_FOR
