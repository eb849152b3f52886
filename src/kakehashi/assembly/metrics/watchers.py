"""Who may see figures and the details of the health check: whoever has the token, or, without one, whoever is on this machine."""

import hmac
import ipaddress
import os
from collections.abc import Mapping

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


def may_watch(host: str, headers: Mapping[str, str]) -> bool:
    """`headers` by their small names. What came through a proxy came from elsewhere, whatever stands in between."""
    if token := os.environ.get("KAKEHASHI_METRICS_TOKEN", ""):
        return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    return _is_this_machine(host) and not any(name in headers for name in _FORWARDED)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
