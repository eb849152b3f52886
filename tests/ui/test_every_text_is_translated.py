from functools import cache

import pytest

from kakehashi.ui.catalogues import floors, gaps


@cache
def all_gaps() -> list[str]:
    """Every text is collected once for all floors."""
    return list(gaps())


@pytest.mark.parametrize("floor", [floor.name for floor in floors()])
def test_every_text_has_its_japanese(floor: str) -> None:
    missing = [line for line in all_gaps() if line.startswith(f"kakehashi/{floor}/")]
    assert not missing, "\n".join(missing)
