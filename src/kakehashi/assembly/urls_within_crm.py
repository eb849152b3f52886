"""The addresses while a page of the Desk is shown within the CRM: all as ever, only the Desk's pages stand below `/crm/`.

In force for single requests, see `bridge/desk_tab/addresses.py`.
"""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver, include, path

from kakehashi.assembly import urls

_DESK = "desk/<int:portal_id>/"
_Entry = URLPattern | URLResolver


def _within(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    for entry in entries:
        route = str(entry.pattern)
        if isinstance(entry, URLResolver) and not route:
            yield from _within(entry.url_patterns)
        elif isinstance(entry, URLResolver) and route == _DESK:
            yield path(f"crm/{_DESK}", include(entry.url_patterns))
        else:
            yield entry


urlpatterns = list(_within(get_resolver("kakehashi.assembly.urls").url_patterns))
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
