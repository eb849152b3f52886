"""Somebody at a browser, by HTTP alone: signs in, fills in the forms that the pages show, and tries again when the server is gone."""

import html
import re
import time
from html.parser import HTMLParser
from typing import Any

import httpx

PATIENCE_SECONDS = 90.0


class ServerIsGone(Exception):
    """No answer within patience."""


class Visitor:
    """`losses` counts requests whose answer never came: what became of them nobody knew at that moment."""

    def __init__(self, address: str, email: str, password: str) -> None:
        self.losses = 0
        self._client = httpx.Client(base_url=address, timeout=20)
        self.get("/account/login/")
        signed_in = self.post("/account/login/", {"login": email, "password": password})
        assert signed_in.status_code == 302, signed_in.status_code

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> httpx.Response:
        """What is lost on its way is sent again, as a person would who sees the old page still there."""
        return self._ask("POST", path, data=form)

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            headers = {"X-CSRFToken": self._client.cookies.get("csrftoken", "")}
            try:
                answer = self._client.request(method, path, headers=headers, **options)
                if answer.status_code < 500:
                    return answer
            except httpx.HTTPError:
                pass
            self.losses += 1
            time.sleep(0.3)
        raise ServerIsGone(path)


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', text)
    return html.unescape(found[1]) if found else ""


def form_in(text: str) -> dict[str, Any]:
    """What a browser would send of the page's largest form."""
    reader = _Forms()
    reader.feed(text)
    return max(reader.forms, key=len, default={})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "input" and name:
            is_chosen = given.get("type") not in {"checkbox", "radio", "file", "submit"} or "checked" in given
            if is_chosen and given.get("type") != "file":
                self._add(name, given.get("value", "on" if given.get("type") == "checkbox" else ""))
        elif tag == "textarea":
            self._area = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            self._add(self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1][self._area] = f"{self.forms[-1][self._area]}{data}"

    def _add(self, name: str, value: str) -> None:
        form = self.forms[-1]
        if name in form:
            form[name] = [*(form[name] if isinstance(form[name], list) else [form[name]]), value]
        else:
            form[name] = value
