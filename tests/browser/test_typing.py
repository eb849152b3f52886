"""Nothing is sent by accident, and nothing typed is lost."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from kakehashi.identity.people.models import Person
from tests.browser.conftest import Meet


@pytest.fixture
def gallery(meet: Meet, takase: Person) -> Page:
    return meet(takase).open("/ui/gallery?lang=en")


@pytest.fixture
def requests(gallery: Page) -> list[str]:
    sent: list[str] = []
    gallery.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def compose(keyboard: CDPSession, text: str) -> None:
    """Kana being turned into kanji, not yet confirmed."""
    keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def press_enter_for_the_input_method(keyboard: CDPSession) -> None:
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "text": "\r"}
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})


def test_enter_that_ends_a_composition_submits_nothing(gallery: Page, requests: list[str]) -> None:
    gallery.get_by_label("Name").first.focus()
    keyboard = gallery.context.new_cdp_session(gallery)
    compose(keyboard, "あいざわ")
    press_enter_for_the_input_method(keyboard)
    gallery.wait_for_timeout(300)
    assert requests == []
    keyboard.send("Input.insertText", {"text": "相沢"})
    with gallery.expect_request("**/submission"):
        gallery.keyboard.press("Enter")


def test_a_refused_form_keeps_what_was_typed_and_says_why(gallery: Page) -> None:
    form = gallery.locator("#forms form").first
    form.get_by_label("E-mail", exact=True).first.fill("aizawa@")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_focused()
    expect(form.get_by_label("E-mail", exact=True).first).to_have_value("aizawa@")
    expect(form.get_by_text("Enter a valid email address.")).to_be_visible()


def test_without_a_connection_the_text_stays_and_a_sentence_says_so(meet: Meet, takase: Person) -> None:
    visitor = meet(takase)
    page = visitor.open("/ui/gallery?lang=en")
    form = page.locator("#forms form").first
    form.get_by_label("Name").fill("Aizawa")
    visitor.context.set_offline(True)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(form.get_by_label("Name")).to_have_value("Aizawa")
    visitor.complaints.clear()  # Chromium names each failed request


def test_pressing_twice_sends_once(gallery: Page, requests: list[str]) -> None:
    gallery.route("**/submission", lambda route: (gallery.wait_for_timeout(300), route.continue_()))
    form = gallery.locator("#forms form").first
    form.get_by_role("button", name="Save").dblclick(no_wait_after=True)
    expect(form.get_by_text("fields need your attention")).to_be_visible()
    assert len(requests) == 1


def test_the_composer_sends_by_ctrl_enter_only(gallery: Page, requests: list[str]) -> None:
    editor = gallery.locator("#conversation trix-editor")
    expect(editor).to_have_attribute("contenteditable", "")
    editor.click()
    gallery.keyboard.type("Hello", delay=20)
    gallery.keyboard.press("Enter", delay=20)
    gallery.keyboard.type("again", delay=20)
    assert requests == []
    with gallery.expect_request("**/submission") as sent:
        gallery.keyboard.press("Control+Enter")
    body = sent.value.post_data or ""
    assert "Hello<br>again" in body
    assert "misaki.aizawa@tsukimizaka.example" in body


def test_a_comment_looks_different_and_says_what_its_button_does(gallery: Page) -> None:
    composer = gallery.locator("#conversation [data-composer]")
    composer.get_by_role("tab", name="Comment").click()
    expect(composer.get_by_role("button", name="Add comment")).to_be_visible()
    expect(composer.get_by_text("misaki.aizawa@tsukimizaka.example")).to_be_hidden()
    composer.get_by_role("tab", name="Comment").press("ArrowRight")
    expect(composer.get_by_role("button", name="Send reply")).to_be_visible()
    expect(composer.get_by_text("misaki.aizawa@tsukimizaka.example")).to_be_visible()


def test_recipients_are_added_and_removed_as_chips(gallery: Page) -> None:
    composer = gallery.locator("#conversation [data-composer]")
    composer.get_by_label("Add an address to To").fill("qa@tsukimizaka.example")
    gallery.keyboard.press("Enter")
    expect(composer.locator("[data-recipients=to] .k-chip")).to_have_count(2)
    composer.get_by_role("button", name="Remove qa@tsukimizaka.example").click()
    expect(composer.locator("[data-recipients=to] .k-chip")).to_have_count(1)


def test_a_toast_can_be_undone(gallery: Page) -> None:
    gallery.get_by_role("button", name="Show a toast with undo").click()
    toast = gallery.get_by_role("status").filter(has_text="Comment deleted")
    expect(toast).to_be_visible()
    with gallery.expect_request("**/restoration"):
        toast.get_by_role("button", name="Undo").click()
    expect(gallery.get_by_role("status").filter(has_text="Undone")).to_be_visible()


def test_a_toast_over_a_sheet_can_be_pressed(gallery: Page) -> None:
    gallery.locator(".k-row a[data-sheet]").click()
    expect(gallery.locator("#sheet-title")).to_be_visible()
    gallery.evaluate(
        "document.body.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Gone', undo: '/ui/gallery/restoration'}}))"
    )
    with gallery.expect_request("**/restoration"):
        gallery.get_by_role("button", name="Undo", exact=True).click()


def test_a_searchable_list_is_searched_by_typing(gallery: Page) -> None:
    form = gallery.locator("#forms form").first
    form.get_by_role("combobox", name="Owner").click()
    gallery.keyboard.type("takase")
    gallery.keyboard.press("Enter")
    expect(form.locator(".ts-wrapper .item").first).to_have_text("Yu Takase")


def test_a_form_sent_before_htmx_has_taken_it_over_does_not_leave_the_page(gallery: Page, requests: list[str]) -> None:
    """Somebody who types faster than the page settles: the form is there, its script is not yet."""
    before = gallery.url
    with gallery.expect_request("**/submission"):
        gallery.evaluate(
            """() => {
                const form = document.querySelector("#forms form").cloneNode(true);
                document.querySelector("#main").append(form);
                form.requestSubmit();
            }"""
        )
    gallery.wait_for_timeout(300)
    assert gallery.url == before
    assert len(requests) == 1


def test_a_choice_made_before_htmx_has_taken_the_list_over_is_heard(gallery: Page) -> None:
    """The same with a list that asks for what follows from the choice, such as the field of a condition."""
    with gallery.expect_request("**/ui/gallery/?chosen=*"):
        gallery.evaluate(
            """() => {
                const list = document.createElement("select");
                list.name = "chosen";
                list.append(new Option("Amount"));
                list.setAttribute("hx-get", "/ui/gallery/");
                list.setAttribute("hx-swap", "none");
                document.querySelector("#main").append(list);
                list.dispatchEvent(new Event("change", { bubbles: true }));
            }"""
        )
