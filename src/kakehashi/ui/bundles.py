"""One style sheet and one script for every page, put together from the many that people read and change. Pure.

A browser opens each file by itself, also those that it kept: sixty-five of them take longer than the page. What is written here is what
the browser would make of the files one after the other.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"\./([\w-]+\.js)";.*$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b(?!\.meta|\().*$|\bimport\(\"\./.*$", re.MULTILINE)


def style_sheet(paths: Iterable[Path]) -> str:
    """The files in their order. None of them may name another one."""
    return "\n".join(f"/* {path.name} */\n{path.read_text('utf-8')}" for path in paths)


def script(entry: Path) -> str:
    """A module and all that it imports, each evaluated once and before those that import it, as modules are. To be loaded as a module from
    the folder of the entry: what is named by its way from there (`import.meta.url`, `import("../../vendor/x.js")`) is found there, too.

    Understood are `import "./x.js"`, `import { a, b as c } from "./x.js"` and `export function`. Raises `ValueError` for anything else,
    and for modules that import each other.
    """
    return "\n".join(["const modules = {};", *map(_wrapped, dict.fromkeys(_in_order(entry, ())))])


def _in_order(path: Path, importers: tuple[Path, ...]) -> Iterator[Path]:
    if path in importers:
        raise ValueError(f"{path.name} imports itself by way of {importers[-1].name}")
    for found in _IMPORT.finditer(path.read_text("utf-8")):
        yield from _in_order(path.parent / found[2], (*importers, path))
    yield path


def _wrapped(path: Path) -> str:
    code = path.read_text("utf-8")
    names = _EXPORT.findall(code)
    code = _EXPORT.sub("", _IMPORT.sub(_taken, code))
    if left := _LEFT_OVER.search(code):
        raise ValueError(f"{path.name} says what is not understood here: {left[0].strip()}")
    return f'modules["{path.name}"] = (() => {{\n{code}\nreturn {{{", ".join(names)}}};\n}})();'


def _taken(found: re.Match[str]) -> str:
    names, source = found[1], found[2]
    return f'const {names.replace(" as ", ": ")} = modules["{source}"];' if names else ""
