"""How a connection's sync stands, in figures that people read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from kakehashi.bridge.connection.models import Connection

from .models import Dirty, Link, Module, Run
from .setting_models import in_step


@dataclass(frozen=True, slots=True)
class ModuleHealth:
    """`linked`: in step with a partner. `held`: a person must match it. `waiting`: to be looked at. `failing`: tried, with a reason."""

    module: str
    label: str
    direction: str
    is_two_way: bool
    linked: int
    held: int
    waiting: int
    failing: int
    is_running: bool


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The walk in progress. `seconds_left` is None while the speed is not known."""

    kind: str
    module_label: str
    done: int
    total: int
    rate: float
    seconds_left: int | None

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.done / self.total)) if self.total else 100


@dataclass(frozen=True, slots=True)
class SyncHealth:
    modules: Sequence[ModuleHealth]
    progress: RunProgress | None

    @property
    def is_two_way(self) -> bool:
        """Of any module."""
        return any(module.is_two_way for module in self.modules)

    @property
    def failing(self) -> int:
        return sum(module.failing for module in self.modules)

    @property
    def waiting(self) -> int:
        return sum(module.waiting for module in self.modules)


def health_of(connection: Connection) -> SyncHealth:
    """Five queries at most, whatever the size of the customer base is."""
    run = Run.objects.filter(connection=connection, finished_at=None).first()
    counted = Link.objects.filter(connection=connection).order_by().values_list("module", "state").annotate(Count("id"))
    links = Counter({(module, state): count for module, state, count in counted})
    dirty = Dirty.objects.filter(connection=connection)
    waiting = Counter(dict(dirty.filter(reason="").order_by().values_list("module").annotate(Count("id"))))
    failing = Counter(dict(dirty.exclude(reason="").order_by().values_list("module").annotate(Count("id"))))
    synced = {row.module: row for row in in_step(connection.pk)}
    return SyncHealth(
        modules=[
            ModuleHealth(
                module=module.value,
                label=str(module.label),
                direction=str(synced[module].get_direction_display()),
                is_two_way=synced[module].is_two_way,
                linked=links[module.value, str(Link.State.LIVE)],
                held=links[module.value, str(Link.State.HELD)],
                waiting=waiting[module.value],
                failing=failing[module.value],
                is_running=bool(run and run.module == module),
            )
            for module in Module
            if module in synced
        ],
        progress=progress_of(run) if run else None,
    )


def progress_of(run: Run) -> RunProgress:
    done = sum(module["seen"] for module in run.progress.values())
    total = sum(module["total"] for module in run.progress.values())
    labels = dict(Module.choices)
    return RunProgress(
        kind=run.kind,
        module_label=str(labels.get(run.module, "")),
        done=done,
        total=total,
        rate=run.rate,
        seconds_left=round((total - done) / run.rate) if run.rate > 0 else None,
    )
