"""Whose a page is, as far as the live end needs to know. No models here: the live end starts before Django does."""

import hashlib


def session_hearing(session_key: str) -> str:
    """All pages of one sign-in. The session itself is never told to anybody."""
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()[:32]}"


def person_hearing(tenant: str, person_id: int) -> str:
    """All pages of one person in a tenant such as "org:3"."""
    return f"{tenant}/person:{person_id}"
