"""What browsers load is complete, small, licensed, and named anew when it changes."""

import re
from pathlib import Path

import brotli

import kakehashi
from kakehashi.ui import assets
from kakehashi.ui.gallery.samples import icon_names

SOURCE = Path(kakehashi.__file__).parent
NAMED_ICON = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|\bicon=["']([\w-]+)["']|\bpicture=["']([\w-]+)["']""")


def test_the_first_visit_weighs_less_than_a_photo() -> None:
    """The budget of a page is 200 KB on the wire; editor and searchable lists (60 KB) come only where they are used."""
    scripts = [assets.FOLDER / "vendor/htmx.min.js", *(assets.FOLDER / "ui/js").glob("*.js")]
    files = [*(assets.FOLDER / style for style in assets.STYLES), *scripts, assets.FOLDER / "ui/icons.svg"]
    assert sum(len(brotli.compress(path.read_bytes())) for path in files) < 100_000


def test_every_style_and_every_import_is_there() -> None:
    for style in assets.STYLES:
        assert (assets.FOLDER / style).is_file(), style
    for script in (assets.FOLDER / "ui/js").glob("*.js"):
        for name in re.findall(r"""(?:from|import)\s*\(?"(\.[^"]+)\"""", script.read_text()):
            assert (script.parent / name).resolve().is_file(), f"{script.name} imports {name}"


def test_every_icon_named_is_in_the_sprite() -> None:
    known = set(icon_names())
    for path in [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.py")]:
        named = {name for found in NAMED_ICON.findall(path.read_text()) for name in found if name}
        assert named <= known, f"{path}: {named - known}"


def test_everything_taken_from_others_has_its_licence() -> None:
    vendor = assets.FOLDER / "vendor"
    for library in [*vendor.glob("*.js"), *vendor.glob("*.css")]:
        name = library.name.split(".")[0]
        assert (vendor / f"{name}.LICENSE").read_text().strip(), name
    assert (vendor / "tabler-icons.LICENSE").is_file()


def test_a_changed_file_gets_a_new_address(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { color: red }")
    before = assets.version(tmp_path)
    assert before == assets.version(tmp_path)
    (tmp_path / "a.css").write_text("a { color: blue }")
    assert before != assets.version(tmp_path)


def test_no_script_needs_eval_or_holds_text_for_people() -> None:
    for script in (assets.FOLDER / "ui/js").glob("*.js"):
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", script.read_text(), flags=re.MULTILINE)
        assert not re.search(r"\beval\(|new Function", code), script.name
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", code), script.name
