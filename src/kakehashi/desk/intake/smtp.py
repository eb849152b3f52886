"""A small SMTP server for mails that another one forwards to us. It knows our addresses and no others, and it relays nothing.

"250" means that the mail lies on disk and its row is committed. While the database is away the other server is asked to try again.
"""

import asyncio
import logging
import ssl
from functools import partial

from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from kakehashi import __version__
from kakehashi.desk.addresses.queries import find_addresses, forms_of

from .taking import Delivery, take_in

logger = logging.getLogger(__name__)

_LATER = "451 4.3.0 We cannot take this just now; please try again later"
_UNKNOWN = "550 5.1.1 There is no such address here"
_MOST_RECIPIENTS = 100


class Doorkeeper:
    """Decides on each recipient, and takes the mail in. Names are aiosmtpd's."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            is_known = await sync_to_async(_is_ours)(address)
        except (DatabaseError, InterfaceError):
            return _LATER
        if not is_known:
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await sync_to_async(_take)(raw, envelope.mail_from or "", list(envelope.rcpt_tos))
        except (DatabaseError, InterfaceError, OSError) as failure:
            logger.warning("A mail was put off: %s", str(failure).partition("\n")[0])
            return _LATER
        return "250 2.0.0 Taken"


async def listen(host: str, port: int, *, certificate: str = "", key: str = "") -> asyncio.Server:
    """Open the door. With a certificate it offers STARTTLS."""
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key or None)
    door = partial(
        SMTP,
        Doorkeeper(),
        data_size_limit=settings.MAIL_LIMIT_BYTES,
        enable_SMTPUTF8=True,
        tls_context=context,
        ident=f"Kakehashi {__version__}",
        timeout=120,
    )
    return await asyncio.get_running_loop().create_server(door, host, port)


def _is_ours(address: str) -> bool:
    close_old_connections()
    return bool(find_addresses([address]))


def _take(raw: bytes, sender: str, recipients: list[str]) -> None:
    """Each portal gets the mail once, with the recipients that are its own."""
    close_old_connections()
    addresses = find_addresses(recipients)
    for portal in {address.portal_id: address.portal for address in addresses}.values():
        own = {address.address_normal for address in addresses if address.portal_id == portal.pk}
        named = [recipient for recipient in recipients if own & set(forms_of(recipient))]
        take_in(portal, [Delivery(raw, named, sender, "smtp")])
