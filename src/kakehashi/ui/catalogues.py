"""The Japanese catalogues, one per floor, kept by Babel: no gettext programs are needed on the machine.

python -m kakehashi.ui.catalogues extract [floor …]   collect every text for people into src/kakehashi/<floor>/locale/ja/…/django.po
python -m kakehashi.ui.catalogues compile   make the .mo files that Django reads (not kept in git)
python -m kakehashi.ui.catalogues check     name every text without Japanese; exit 1 if there is one
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent
LANGUAGE = "ja"
_FUNCTIONS = "_ gettext gettext_lazy gettext_noop ngettext ngettext_lazy pgettext pgettext_lazy npgettext"
KEYWORDS: dict[str, None] = dict.fromkeys(_FUNCTIONS.split())


def floors() -> list[Path]:
    """The folders that hold a catalogue of their own."""
    return sorted(path.parent for path in SOURCE.glob("*/apps.py"))


def catalogue_of(floor: Path) -> Path:
    return floor / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def extract(*names: str) -> None:
    """Bring the catalogues of all or the named floors up to date. Translations are kept; texts no longer used are dropped."""
    for floor in floors():
        if names and floor.name not in names:
            continue
        found = _texts_of(floor)
        if found:
            _write(catalogue_of(floor), _merged(found, read(catalogue_of(floor))))


def compile_all() -> None:
    """Write the .mo beside each .po that is newer."""
    for path in map(catalogue_of, floors()):
        compiled = path.with_suffix(".mo")
        if path.exists() and (not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime):
            unfinished = compiled.with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, read(path))
            unfinished.replace(compiled)


def gaps() -> Iterator[str]:
    """A line for each text that has no Japanese, or that its floor's catalogue does not know."""
    for floor in floors():
        known = read(catalogue_of(floor))
        for message in filter(lambda message: message.id, _texts_of(floor)):
            translated = known.get(message.id, message.context)
            if translated is None or not _is_translated(translated):
                place, line = message.locations[0]
                yield f"{place}:{line}: {message.id!r} has no Japanese"


def _texts_of(floor: Path) -> Catalog:
    catalogue = Catalog(locale=LANGUAGE)
    for path in sorted([*floor.rglob("*.py"), *floor.rglob("*.html"), *floor.rglob("*.txt")]):
        if "migrations" in path.parts or "static" in path.parts:
            continue
        for line, context, text in _texts_in(path):
            catalogue.add(text, locations=[(str(path.relative_to(SOURCE.parent)), line)], context=context)
    return catalogue


def _texts_in(path: Path) -> Iterator[tuple[int, str | None, str | tuple[str, ...]]]:
    source = path.read_text()
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # Indentation means nothing in a template, but Python's tokenizer minds it.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).split("\n"))
    for line, function, text, _comments in extract_python(io.BytesIO(source.encode()), KEYWORDS, (), {}):
        if text is None:  # a variable, not a text
            continue
        words = [text] if isinstance(text, str) else [word for word in text if word is not None]
        context = words.pop(0) if function and "pgettext" in function else None
        if words and words[0]:
            yield line, context, tuple(words[:2]) if function and "ngettext" in function else words[0]


def _merged(found: Catalog, known: Catalog) -> Catalog:
    for message in found:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None:
            message.string = old.string
            message.user_comments = old.user_comments
    return found


def read(path: Path) -> Catalog:
    """A catalogue from its file; an empty one if there is none."""
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        write_po(buffer, catalogue, omit_header=True, include_lineno=False, sort_by_file=True, width=120)
        body = buffer.getvalue()
    header = 'msgid ""\nmsgstr ""\n"Language: ja\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    path.write_bytes(header.encode() + body.lstrip())


def _is_translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return bool(strings) and all(strings)


def main(argument: str = "", *names: str) -> int:
    import django

    if argument == "extract":
        django.setup()
        extract(*names)
    elif argument == "compile":
        compile_all()
    elif argument == "check":
        django.setup()
        missing = list(gaps())
        print(*missing, sep="\n")
        return 1 if missing else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    sys.exit(main(*sys.argv[1:]))
