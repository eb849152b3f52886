"""What a session looks like to its owner: browser, system, network; and which browsers a person has signed in with before."""

import ipaddress
import re

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

_COOKIE = "device"
_SALT = "kakehashi.identity.device"
_YEAR = 60 * 60 * 24 * 365
_MOST_PEOPLE = 20

# The first match wins: most browsers also claim to be Safari, Edge and Opera claim to be Chrome, Android claims Linux.
_BROWSERS = (
    (re.compile(r"Edg(?:e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"SamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrom(?:e|ium)/|CriOS/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Macintosh|Mac OS X"), "Mac"),
    (re.compile(r"Linux"), "Linux"),
)
_SMALL = frozenset({"iPhone", "iPad", "Android"})


def device_name(user_agent: str) -> str:
    """ "Chrome (Windows)", or what little is known."""
    browser = _first_match(_BROWSERS, user_agent)
    system = _first_match(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def is_handheld(user_agent: str) -> bool:
    return _first_match(_SYSTEMS, user_agent) in _SMALL


def network_name(ip: str) -> str:
    """Where an address is, as far as it can be told without asking anybody outside."""
    address = ipaddress.ip_address(ip)
    if address.is_loopback:
        return _("This computer")
    if address.is_private or address.is_link_local:
        return _("Local network")
    return _("Internet")


def knows_device(request: HttpRequest, person_id: int) -> bool:
    """Whether this person has signed in with this browser before."""
    return person_id in _people_of(request)


def remember_device(request: HttpRequest, response: HttpResponse, person_id: int) -> None:
    people = [person_id, *(known for known in _people_of(request) if known != person_id)][:_MOST_PEOPLE]
    response.set_cookie(
        _COOKIE,
        signing.dumps(people, salt=_SALT),
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _people_of(request: HttpRequest) -> list[int]:
    try:
        people: list[int] = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_YEAR)
    except signing.BadSignature:
        return []
    return people


def _first_match(names: tuple[tuple[re.Pattern[str], str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if pattern.search(user_agent)), "")
