"""The files that browsers load. Imported by the settings, so it knows nothing of Django."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static"

# What the pages load (bundles.py): all of the styles below and those of the workspaces; the script of all modules, in their folder.
STYLE_SHEET, SCRIPT = "ui/all.css", "ui/js/all.js"

# In the order they are loaded; tokens first, what adapts parts to places last.
STYLES = (
    "vendor/tabler.css",
    "ui/tokens.css",
    "ui/css/base.css",
    "ui/css/buttons.css",
    "ui/css/pills.css",
    "ui/css/forms.css",
    "ui/css/cards.css",
    "ui/css/tables.css",
    "ui/css/records.css",
    "ui/css/compare.css",
    "ui/css/belongings.css",
    "ui/css/lists.css",
    "ui/css/states.css",
    "ui/css/statistics.css",
    "ui/css/conversation.css",
    "ui/css/composer.css",
    "ui/css/ticket.css",
    "ui/css/board.css",
    "ui/css/settings.css",
    "ui/css/lines.css",
    "ui/css/overlays.css",
    "ui/css/signals.css",
    "ui/css/desk.css",
    "ui/css/plain.css",
    "ui/css/shell.css",
)


def version(*folders: Path) -> str:
    """Ten letters that change whenever a file below `folders` does.

    They stand in every static URL (/static/<version>/…), so that browsers keep a file for ever, relative imports
    between script modules included, and still get the new one after an update.
    """
    digest = hashlib.sha256()
    for folder in folders or (FOLDER,):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
