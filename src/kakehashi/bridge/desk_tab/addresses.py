"""The Desk within the CRM: the same pages, at addresses of their own.

`/crm/desk/5/tickets/7/` is `/desk/5/tickets/7/` in the frame of the CRM. While such a page is made, a URL configuration is in force
(`assembly/urls_within_crm.py`) in which the Desk's pages have the longer addresses, so that every link leads on within the frame.
"""

import re

URLCONF = "kakehashi.assembly.urls_within_crm"
_WITHIN = re.compile(r"/crm(/desk/(\d{1,18})/.*)", re.DOTALL)


def within(address: str) -> str:
    """The address of a page of the Desk, in the CRM's frame."""
    return address if _WITHIN.fullmatch(address) else f"/crm{address}"


def portal_within(path: str) -> int | None:
    """The portal whose page stands at a path within the CRM; None for all other paths."""
    found = _WITHIN.fullmatch(path)
    return int(found[2]) if found else None


def without(address: str) -> str:
    """The same page in the Desk itself."""
    found = _WITHIN.fullmatch(address)
    return found[1] if found else address
