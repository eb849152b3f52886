import os

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from .installation import Installation
from .sharing import FOLDER, forget_the_dead


def figures() -> bytes:
    """In Prometheus' text format. A process that shares with nobody tells of itself."""
    whole = CollectorRegistry()
    whole.register(Installation())
    return generate_latest(_of_processes()) + generate_latest(whole)


def _of_processes() -> CollectorRegistry:
    if not os.environ.get(FOLDER):
        return REGISTRY
    forget_the_dead()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # registers itself
    return registry
