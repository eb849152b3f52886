"""README and guides lead somewhere, and call things as the screen does."""

import re
from pathlib import Path

import pytest

from kakehashi.ui import catalogues
from tests.assembly.product import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]
GUIDES = [ROOT / "docs" / folder / name for folder in ("guide", "admin") for name in ("README.md", "README.ja.md")]
_NOT_ON_SCREEN = {"Backup", "Restore", "Upgrade", "バックアップ", "復元", "アップグレード"}  # commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_are_there(page: Path) -> None:
    text = page.read_text()
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    local = [link.partition("#")[0] for link in links if not re.match(r"https?:|mailto:|#", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_guides_use_the_words_of_the_screen(page: Path) -> None:
    said = {part.strip() for bold in re.findall(r"\*\*(.+?)\*\*", page.read_text()) for part in bold.split("→")}
    shown = words_on_screen(is_japanese=".ja." in page.name)
    assert {word for word in said - _NOT_ON_SCREEN if word not in shown} == set()


def words_on_screen(*, is_japanese: bool) -> set[str]:
    messages = [message for floor in catalogues.floors() for message in catalogues.read(catalogues.catalogue_of(floor))]
    sides = [message.string if is_japanese else message.id for message in messages]
    return {text for side in sides for text in ([side] if isinstance(side, str) else side)}
