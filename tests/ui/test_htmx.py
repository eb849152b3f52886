import json

from django.http import HttpResponse
from django.test import RequestFactory

from kakehashi.ui.htmx import is_fragment, with_event, with_toast


def test_a_page_restored_from_history_is_no_fragment() -> None:
    make = RequestFactory().get
    assert is_fragment(make("/", headers={"HX-Request": "true"}))
    assert not is_fragment(make("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}))
    assert not is_fragment(make("/"))


def test_a_toast_joins_events_that_are_there_already() -> None:
    response = with_toast(with_event(HttpResponse(), "changed"), "削除しました", undo="/undo")
    assert json.loads(response["HX-Trigger"]) == {"changed": "", "toast": {"text": "削除しました", "undo": "/undo"}}
