"""Secrets that we must be able to read again (a mailbox's password), sealed with the installation's own secret (decision 0012)."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: str, purpose: str) -> str:
    """Text that only this installation can open, and only for the same purpose. "" stays ""."""
    return _key(purpose).encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal(sealed: str, purpose: str) -> str | None:
    """None when it was sealed with another secret, for instance by an installation whose backup this one was made from."""
    if not sealed:
        return ""
    try:
        return _key(purpose).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, ValueError):
        return None


def _key(purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"kakehashi sealing", info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
