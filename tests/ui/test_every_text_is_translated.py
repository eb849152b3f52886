import pytest

from kakehashi.ui.catalogues import floors, gaps

# Floors whose pages are still being written; take a name out once its catalogue is complete.
UNFINISHED = {"assembly", "bridge", "crm"}


@pytest.mark.parametrize("floor", [floor.name for floor in floors()])
def test_every_text_has_its_japanese(floor: str) -> None:
    missing = [line for line in gaps() if line.startswith(f"kakehashi/{floor}/")]
    if missing and floor in UNFINISHED:
        pytest.xfail(f"{len(missing)} texts of {floor} wait for their Japanese")
    assert not missing, "\n".join(missing)
