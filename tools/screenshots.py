"""The pictures of README and guides, made from the demo: `make screenshots`, or ARGS="record sheet" for some of them.

Serves a demo of its own from build/screenshots (made once; remove the folder for a fresh one), walks it in a real Chromium and writes
docs/pictures/NAME.LANGUAGE[.dark].webp.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parent.parent
PICTURES, DATA = ROOT / "docs" / "pictures", ROOT / "build" / "screenshots"
PERSON, PASSWORD = "yu.takase@minamo.example", "kakehashi-demo"
WIDE, PHONE = (1280, 800), (390, 780)
LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
QUALITY = 78


@dataclass(frozen=True)
class Picture:
    """`find` leads an open page to what is to be seen. Those of the README are taken in dark, too."""

    name: str
    find: Callable[[Page], object]
    is_dark_too: bool = False
    size: tuple[int, int] = WIDE


def go(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def person(page: Page) -> None:
    """The contact that the demo's stories are about."""
    page.goto("/crm/1/search?q=相沢 美咲")
    page.goto(page.locator("main a[href*='/Contacts/']", has_text="相沢 美咲").first.get_attribute("href") or "")


def tickets(page: Page) -> None:
    person(page)
    page.locator(".k-tickets, [id*=tickets]").first.evaluate(
        "block => window.scrollTo(0, block.getBoundingClientRect().top - 60)"
    )


def sheet(page: Page) -> None:
    person(page)
    page.get_by_text("冷蔵庫3号機").first.click()
    page.locator("#k-sheet .k-message").first.wait_for()


def new_ticket(page: Page) -> None:
    person(page)
    page.goto(f"{page.url}tickets/new")
    page.locator("#k-sheet form").first.wait_for()


def statistics(page: Page) -> None:
    person(page)
    page.goto(f"{page.url}tickets/statistics")
    page.locator("#k-sheet svg").first.wait_for()


def mapping(page: Page) -> None:
    """A spreadsheet as it really comes: Japanese headings, a broken row, a doubled address."""
    page.goto("/crm/1/Contacts/import")
    content = subprocess.run(
        [sys.executable, "-m", "kakehashi", "demo", "csv", "--rows", "400"], capture_output=True, check=True
    )
    page.locator("input[type=file]").first.set_input_files(
        {"name": "顧客名簿.csv", "mimeType": "text/csv", "buffer": content.stdout}
    )
    page.locator("main form button:not([type=button])").last.click()
    page.wait_for_url("**/mapping")


def dry_run(page: Page) -> None:
    mapping(page)
    page.locator(".k-page-foot button.is-main").click()
    page.get_by_role("button", name=re.compile("インポートを開始|Start the import")).wait_for()


def search(page: Page) -> None:
    page.goto("/crm/1/Contacts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("冷蔵", delay=30)
    page.wait_for_timeout(800)


def customer_types(page: Page) -> None:
    """The first look at the board begins to sort the tickets."""
    for _look in range(20):
        page.goto("/desk/1/customer-types/")
        if not page.get_by_text(re.compile("分類しています|being sorted")).is_visible():
            return
        page.wait_for_timeout(3_000)


def desk_ticket(page: Page) -> None:
    page.goto("/desk/1/tickets/")
    page.goto(
        page.locator("main a[href*='/desk/1/tickets/']", has_text="冷蔵庫3号機").first.get_attribute("href") or ""
    )


PICTURES_WANTED = [
    Picture("record", person, is_dark_too=True),
    Picture("sheet", sheet, is_dark_too=True),
    Picture("desk", go("/desk/1/tickets/?view=open&layout=table"), is_dark_too=True),
    Picture("integration", go("/crm/1/settings/desk/"), is_dark_too=True),
    Picture("tickets", tickets),
    Picture("new-ticket", new_ticket),
    Picture("statistics", statistics),
    Picture("deals", go("/crm/1/Deals/?layout=board")),
    Picture("import", mapping),
    Picture("import-check", dry_run),
    Picture("search", search),
    Picture("ticket", desk_ticket),
    Picture("board", go("/desk/1/tickets/?view=open&layout=board")),
    Picture("modules", go("/crm/1/settings/modules/")),
    Picture("sync-settings", go("/crm/1/settings/desk/modules/contacts/fields")),
    Picture("health", go("/crm/1/settings/desk/health/")),
    Picture("conflicts", go("/crm/1/settings/desk/conflicts")),
    Picture("invite", go("/crm/1/settings/desk/people/new")),
    Picture("mailboxes", go("/desk/1/settings/mail/mailboxes/new/")),
    Picture("signals", go("/crm/1/signals/")),
    Picture("signal-settings", go("/crm/1/settings/signals")),
    Picture("desk-tab", go("/crm/desk/1/tickets/?view=open&layout=table")),
    Picture("customer-types", customer_types),
    Picture("phone-record", tickets, size=PHONE),
    Picture("phone-sheet", sheet, size=PHONE),
]


def main(names: list[str]) -> None:
    chosen = [picture for picture in PICTURES_WANTED if not names or picture.name in names]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        for language in LANGUAGES:
            chromium = launched(playwright, language)
            context = signed_in(chromium, address, language)
            for picture in chosen:
                take(context, picture, language)
            chromium.close()
    files = list(PICTURES.glob("*.webp"))
    print(
        f"{len(files)} pictures, {sum(file.stat().st_size for file in files) / 1e6:.2f} MB in {PICTURES.relative_to(ROOT)}"
    )


@contextmanager
def served() -> Iterator[str]:
    """A demo of its own, or the one that ADDRESS names."""
    if address := os.environ.get("ADDRESS"):
        yield address
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "KAKEHASHI_DATA": str(DATA), "KAKEHASHI_DEMO": "1"}
    process = subprocess.Popen([sys.executable, "-m", "kakehashi", "serve", "--port", str(port)], env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo did not start.")


def launched(playwright: Playwright, language: str) -> Browser:
    """With the browser's own words, such as those of a field for a date, in that language, if it has them (Debian: chromium-l10n)."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", f"--lang={LANGUAGES[language]}"])


def signed_in(chromium: Browser, address: str, language: str) -> BrowserContext:
    context = chromium.new_context(
        base_url=address, locale=LANGUAGES[language], reduced_motion="reduce", timezone_id="Asia/Tokyo"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("[name=login]", PERSON)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.request.post("/account/preferences/language", form={"language": language, "csrfmiddlewaretoken": token})
    page.close()
    return context


def take(context: BrowserContext, picture: Picture, language: str) -> None:
    page = context.new_page()
    try:
        page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
        picture.find(page)
        page.wait_for_load_state("networkidle")
        keep(page, f"{picture.name}.{language}.webp")
        if picture.is_dark_too:
            page.emulate_media(color_scheme="dark")
            keep(page, f"{picture.name}.{language}.dark.webp")
    except PlaywrightError as failure:
        print(f"NOT TAKEN {picture.name} ({language}): {str(failure).splitlines()[0]}")
    finally:
        page.close()


def keep(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    Image.open(BytesIO(page.screenshot())).convert("RGB").save(PICTURES / name, "WEBP", quality=QUALITY, method=6)
    print(f"{name} {(PICTURES / name).stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
