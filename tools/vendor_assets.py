"""Fetches the browser libraries, pinned, and writes what we serve of them below src/kakehashi/ui/static/.

Needs npm and the network; its output is committed, so that running Kakehashi needs neither.
Usage: python tools/vendor_assets.py
"""

import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "src/kakehashi/ui/static"
VENDOR = STATIC / "vendor"

PACKAGES = {
    "@tabler/core": "1.6.1",
    "@tabler/icons": "3.51.0",
    "htmx.org": "2.0.11",
    "trix": "2.1.19",
    "tom-select": "2.6.2",
}
# file of a package -> its name in our vendor folder
COPIES = {
    ("htmx.org", "dist/htmx.min.js"): "htmx.min.js",
    ("htmx.org", "LICENSE"): "htmx.LICENSE",
    ("trix", "dist/trix.esm.min.js"): "trix.min.js",
    ("trix", "LICENSE"): "trix.LICENSE",
    ("tom-select", "dist/js/tom-select.popular.min.js"): "tom-select.min.js",
    ("tom-select", "LICENSE"): "tom-select.LICENSE",
    ("@tabler/icons", "LICENSE"): "tabler-icons.LICENSE",
}
# Tabler whole is 56 KB compressed; the reset and the form controls are 5.
TABLER_CLASSES = {"form-control", "form-select", "form-check-input", "form-switch", "visually-hidden"}
ICON_NAMES = """
address-book adjustments alert-circle alert-triangle api archive arrow-back-up arrow-back-up-double arrow-down
arrow-forward-up arrow-left arrow-merge arrow-narrow-right arrow-right arrow-up arrows-exchange arrows-sort
arrows-split-2 at ban bell bell-off bell-ringing bold book brand-speedtest briefcase building businessplan calendar
calendar-check calendar-event chart-bar check checkbox checks chevron-down chevron-left chevron-right chevron-up
circle-check circle-dashed circle-x clock clock-exclamation clock-pause cloud-upload code columns-3 copy database device-desktop
device-laptop device-mobile dots dots-vertical door-exit download edit external-link eye eye-off file file-import
file-spreadsheet file-text file-zip filter fingerprint flag folder git-merge grip-vertical help hierarchy history home
hourglass id inbox info-circle italic key keyboard language layout-grid layout-kanban layout-list lifebuoy link list
list-check list-details list-numbers lock lock-open logout mail mail-forward mail-opened map-pin menu-2 message
message-2 message-circle message-plus message-reply minus mood-empty mood-sad mood-smile moon note package palette paperclip
password password-user pencil phone photo player-pause player-play plug plug-connected plus power printer puzzle
qrcode quote refresh restore rocket route search send server settings shield shield-check shield-lock sitemap
sort-ascending sort-descending sparkles star strikethrough subtask sun switch-horizontal table tag target
template ticket tool trash unlink upload user user-check user-cog user-exclamation user-minus user-off user-plus
user-question user-search user-x users users-group versions view-360 wand webhook world x zoom-check
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        unpacked = {name: unpack(name, version, Path(folder)) for name, version in PACKAGES.items()}
        VENDOR.mkdir(parents=True, exist_ok=True)
        for (package, source), target in COPIES.items():
            shutil.copyfile(unpacked[package] / source, VENDOR / target)
        drop_source_map_notes()
        whole = (unpacked["@tabler/core"] / "dist/css/tabler.min.css").read_text()
        (VENDOR / "tabler.css").write_text(selection_of_tabler(whole))
        (STATIC / "ui/icons.svg").write_text(sprite(unpacked["@tabler/icons"] / "icons/outline"))
    (VENDOR / "VERSIONS").write_text("".join(f"{name} {version}\n" for name, version in PACKAGES.items()))


def unpack(name: str, version: str, folder: Path) -> Path:
    """Answers the folder of the unpacked npm package."""
    target = folder / name.replace("/", "-")
    target.mkdir()
    subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=target, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(target.glob("*.tgz"))) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def drop_source_map_notes() -> None:
    """Their maps are not served, and a browser's developer tools would ask for them."""
    for script in VENDOR.glob("*.js"):
        script.write_text(re.sub(r"\n//# sourceMappingURL=.*\n?$", "\n", script.read_text()))


def sprite(folder: Path) -> str:
    symbols = []
    for name in ICON_NAMES.split():
        source = folder / f"{name}.svg"
        if not source.exists():
            print("no such icon:", name)
            continue
        drawing = source.read_text().split(">", 1)[1].rsplit("</svg>", 1)[0]
        drawing = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", drawing)
        drawing = re.sub(r"\s+", " ", drawing).strip().replace(" />", "/>").replace("> <", "><")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join([*symbols, OURS]) + "\n</svg>\n"


# Our own: the arc of the bridge, for "in sync".
OURS = (
    '<symbol id="bridge" viewBox="0 0 24 24"><path d="M5.5 15C9 9.5 15 9.5 18.5 15"/>'
    '<circle cx="4" cy="17" r="2"/><circle cx="20" cy="17" r="2"/></symbol>'
)


def selection_of_tabler(css: str) -> str:
    """The rules about plain elements and about our few classes, in a cascade layer so that our own rules win."""
    note = css[css.index("/*") : css.index("*/") + 2]
    blocks = [kept for rule in top_level_rules(css) if (kept := kept_part(rule))]
    body = "\n".join(blocks)
    root = variables_needed(css, body)
    return (
        f"{note}\n/* A selection, made by tools/vendor_assets.py. */\n@layer tabler {{\n:root{{{root}}}\n{body}\n}}\n"
    )


def top_level_rules(css: str) -> list[str]:
    rules, depth, start = [], 0, 0
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for position, sign in enumerate(css):
        depth += (sign == "{") - (sign == "}")
        if (sign == "}" and depth == 0) or (sign == ";" and depth == 0):
            rules.append(css[start : position + 1].strip())
            start = position + 1
    return rules


def kept_part(rule: str) -> str:
    head, _, body = rule.partition("{")
    if head.startswith(("@media print", "@charset", "@keyframes", "@font-face", "@import")) or not body:
        return ""
    if head.startswith("@"):
        inner = [kept for part in top_level_rules(body[:-1]) if (kept := kept_part(part))]
        return f"{head}{{{''.join(inner)}}}" if inner else ""
    selectors = [part for part in head.split(",") if is_ours(part)]
    return f"{','.join(selectors)}{{{body}" if selectors else ""


def is_ours(selector: str) -> bool:
    classes = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selector))
    if not classes:
        return not re.search(r"#|\[data-bs|:root|:host", selector) and not selector.startswith("body[")
    return classes <= TABLER_CLASSES


def variables_needed(css: str, body: str) -> str:
    """The custom properties of Tabler's :root that the kept rules use, directly or through each other."""
    known: dict[str, str] = {}
    for block in re.findall(r"(?:^|})[^{}]*:root[^{}]*{([^}]*)}", css):
        known.update({name: value for name, value in re.findall(r"(--[\w-]+):([^;]*)", block) if name not in known})
    needed: dict[str, str] = {}
    waiting = re.findall(r"var\((--[\w-]+)", body)
    while waiting:
        name = waiting.pop()
        if name in known and name not in needed:
            needed[name] = known[name]
            waiting += re.findall(r"var\((--[\w-]+)", known[name])
    return ";".join(f"{name}:{value}" for name, value in sorted(needed.items()))


if __name__ == "__main__":
    main()
