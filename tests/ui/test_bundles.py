"""The one style sheet and the one script are what the browser would make of the files that they are put together from."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from kakehashi.ui.assets import SCRIPT, STYLE_SHEET
from kakehashi.ui.bundles import script, style_sheet


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "main.js"


def test_styles_keep_their_order(tmp_path: Path) -> None:
    for name, text in {"b": "a { color: red }", "a": "a { color: blue }"}.items():
        (tmp_path / f"{name}.css").write_text(text)
    together = style_sheet([tmp_path / "b.css", tmp_path / "a.css"])
    assert together.index("red") < together.index("blue")


def test_modules_come_once_and_before_those_that_import_them(tmp_path: Path) -> None:
    main = written(
        tmp_path,
        main='import "./menu.js";\nimport "./rows.js"; // last\n',
        menu='import { isOpen } from "./base.js";\nisOpen(1);\n',
        rows='import { isOpen as open } from "./base.js";\nopen(2);\n',
        base="export function isOpen(one) {}\n",
    )
    together = script(main)
    places = [together.index(f'modules["{name}.js"] =') for name in ("base", "menu", "rows", "main")]
    assert places == sorted(places)
    assert together.count('modules["base.js"] =') == 1
    assert 'const { isOpen } = modules["base.js"];' in together
    assert 'const { isOpen: open } = modules["base.js"];' in together
    assert "return {isOpen};" in together


def test_what_two_modules_both_name_stays_their_own(tmp_path: Path) -> None:
    main = written(
        tmp_path,
        main='import "./a.js";\nimport "./b.js";\n',
        a="let timer = null;\n",
        b="let timer = null;\n",
    )
    assert script(main).count("(() => {") == 3


@pytest.mark.parametrize(
    "code",
    ["export default 1;", "export const one = 1;", 'import one from "./a.js";', 'import * as one from "./a.js";', 'import("./a.js");'],
)  # fmt: skip
def test_what_is_not_understood_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ValueError, match=r"main\.js says what is not understood"):
        script(written(tmp_path, main=code, a=""))


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="imports itself"):
        script(written(tmp_path, main='import "./a.js";\n', a='import "./b.js";\n', b='import "./a.js";\n'))


def test_django_finds_both_with_what_every_floor_adds() -> None:
    styles, scripts = (Path(finders.find(name)).read_text() for name in (STYLE_SHEET, SCRIPT))
    assert styles.index("/* tokens.css */") < styles.index("/* shell.css */") < styles.index("/* bridge.css */")
    assert scripts.rstrip().splitlines()[-2:] == ["return {};", "})();"]
    assert scripts.count('modules["main.js"] =') == 1
