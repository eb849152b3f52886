"""Requests as the visitor sent them, when `KAKEHASHI_PROXIES` says how many proxies of ours stand in between."""

from typing import cast

from a2wsgi.asgi_typing import HTTPScope

_FOR, _SCHEME = b"x-forwarded-for", b"x-forwarded-proto"


def seen_from_outside(scope: HTTPScope, proxies: int) -> HTTPScope:
    """Each proxy adds the address that it saw to the end of the list: ours are the last ones, and what stands before them anybody
    may have written. A list that is too short did not come through all of them and is not believed.
    """
    headers = [
        (name, value) for name, value in scope["headers"] if b"_" not in name
    ]  # x_forwarded_for would look alike below
    addresses = [part.strip() for value in _values(headers, _FOR) for part in value.split(",")]
    if not proxies or len(addresses) < proxies:
        believed = [(name, value) for name, value in headers if name != _FOR or not proxies]
        return cast("HTTPScope", {**scope, "headers": believed})
    schemes = _values(headers, _SCHEME)
    scheme = "https" if schemes and schemes[-1].strip() == "https" else "http"
    return cast("HTTPScope", {**scope, "headers": headers, "scheme": scheme, "client": (addresses[-proxies], 0)})


def _values(headers: list[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin1") for name, value in headers if name == wanted]
