"""Where Django and WhiteNoise find the files that are put together from others."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseStorageFinder
from django.core.files.storage import FileSystemStorage

from .assets import SCRIPT, STYLE_SHEET, STYLES
from .bundles import script, style_sheet
from .shell.workspace import STYLESHEETS

_ENTRY = "ui/js/main.js"


class BundleFinder(BaseStorageFinder):
    """Puts them together once per process, so they are as new as the code that runs; with DEBUG whenever a file is asked for."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        super().__init__(FileSystemStorage(settings.BUNDLES))
        self._put_together()

    def find(self, path: str, *args: Any, **options: Any) -> Any:
        if settings.DEBUG:
            self._put_together()
        return super().find(path, *args, **options)

    def _put_together(self) -> None:
        sources = AppDirectoriesFinder()
        styles = style_sheet(_source(name, sources) for name in [*STYLES, *STYLESHEETS])
        for name, text in {STYLE_SHEET: styles, SCRIPT: script(_source(_ENTRY, sources))}.items():
            _write(settings.BUNDLES / name, text)


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
