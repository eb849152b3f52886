"""How large a file may be, for pages that say so before somebody sends one."""

from django.conf import settings


def limit_bytes() -> int:
    return int(settings.ATTACHMENT_LIMIT_BYTES)
