"""Where Django and WhiteNoise find the files that are put together from others."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage

from .assets import SCRIPT, STYLE_SHEET, STYLES
from .bundles import script, style_sheet
from .shell.workspace import STYLESHEETS

_ENTRY = "ui/js/main.js"


class BundleFinder(BaseFinder):
    """Puts them together once per process, so they are as new as the code that runs; with DEBUG whenever one is asked for."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        self.storage = FileSystemStorage(settings.BUNDLES)
        self._put_together()

    def check(self, **_options: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        if path not in (STYLE_SHEET, SCRIPT):
            return []
        if settings.DEBUG:
            self._put_together()
        found = str(self._path(path))
        return [found] if find_all else found

    def list(self, _ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in (STYLE_SHEET, SCRIPT):
            yield name, self.storage

    def _put_together(self) -> None:
        sources = AppDirectoriesFinder()
        _write(self._path(STYLE_SHEET), style_sheet(_source(name, sources) for name in [*STYLES, *STYLESHEETS]))
        _write(self._path(SCRIPT), script(_source(_ENTRY, sources)))

    def _path(self, name: str) -> Path:
        return Path(self.storage.path(name))


def _source(name: str, sources: AppDirectoriesFinder) -> Path:
    found = sources.find(name)
    if not found:
        raise FileNotFoundError(name)
    return Path(found)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: another process may be reading what it has written itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
