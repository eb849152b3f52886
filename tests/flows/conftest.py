"""Whole stories, in the browser of `tests/browser`."""

from tests.browser.conftest import browser, meet

__all__ = ["browser", "meet"]
