"""Django melts the floors' catalogues into one, so the same English must not be two Japanese words. A context parts them."""

from collections import defaultdict

from kakehashi.ui.catalogues import catalogue_of, floors, read


def test_no_two_floors_translate_the_same_text_differently() -> None:
    translations: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for floor in floors():
        for message in read(catalogue_of(floor)):
            if message.id and message.string:
                translations[str(message.id), message.context].add(str(message.string))
    assert {text: found for text, found in translations.items() if len(found) > 1} == {}
