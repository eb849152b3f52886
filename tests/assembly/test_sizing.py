"""The embedded PostgreSQL takes its share of the machine, never all of it."""

from pathlib import Path

import psutil
import pytest

from kakehashi.assembly.postgres.sizing import memory_of_machine, settings_for

GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("memory", "shared"), [(GIGABYTE // 2, "128MB"), (2 * GIGABYTE, "256MB"), (64 * GIGABYTE, "2048MB")]
)
def test_an_eighth_of_the_memory_is_shared_within_bounds(memory: int, shared: str) -> None:
    assert settings_for(memory)["shared_buffers"] == shared


def test_a_container_has_what_it_may_take(tmp_path: Path) -> None:
    limit, unlimited = tmp_path / "memory.max", tmp_path / "other"
    limit.write_text(f"{GIGABYTE}\n")
    unlimited.write_text("max\n")
    whole = psutil.virtual_memory().total
    assert memory_of_machine((limit, unlimited)) == min(GIGABYTE, whole)
    assert memory_of_machine((unlimited, tmp_path / "missing")) == whole
