import pytest

from kakehashi.ui.catalogues import floors, gaps


@pytest.mark.parametrize("floor", [floor.name for floor in floors()])
def test_every_text_has_its_japanese(floor: str) -> None:
    missing = [line for line in gaps() if line.startswith(f"kakehashi/{floor}/")]
    assert not missing, "\n".join(missing)
