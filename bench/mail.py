"""Mails with attachments from raw bytes to filed tickets, beside the bare writing of the same bytes and rows."""

import os
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings
from django.db import connection, transaction

from bench.harness import Row, at_least, bench, stopwatch
from bench.world import make_person
from kakehashi.core.attachments.storage import write_content
from kakehashi.desk.addresses.actions import add_address
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, MailState
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket

ADDRESS = "support@bench.example"
GOAL = 150


@bench("mail", n=1_000)
def mail_intake(n: int) -> list[Row]:
    """Each mail stored and committed by itself, as a listener does, then filed; every third answers an earlier one."""
    administrator = make_person("Mail intake")
    portal = create_portal(name="Mail intake", administrator=administrator)
    add_address(portal.departments.all()[0], address=ADDRESS, actor=administrator.as_actor())
    raws = [raw_mail(number) for number in range(n)]
    with stopwatch() as seconds:
        bare(portal, raws)
        limit = n / seconds()
    with stopwatch() as seconds:
        for raw in raws:
            take_in(portal, [Delivery(raw, [ADDRESS], "a@b.example")])
        taking = n / seconds()
    with stopwatch() as seconds:
        file_waiting(portal.pk)
        filing = n / seconds()
    assert IncomingMail.objects.filter(portal=portal, state=MailState.FILED).count() == n
    assert Ticket.objects.filter(portal=portal).count() == n - n // 3
    whole = 1 / (1 / taking + 1 / filing)
    return [
        at_least("mail stored (before '250')", n, taking, limit, GOAL, "mails/s"),
        at_least("mail filed", n, filing, limit, GOAL, "mails/s"),
        at_least("mail stored and filed, one after the other", n, whole, limit, GOAL, "mails/s"),
    ]


def raw_mail(number: int) -> bytes:
    """Japanese text, HTML, and two attachments of 20 kB."""
    is_answer = number % 3 == 2
    sender = number - 1 if is_answer else number
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"田中 {sender} <customer{sender}@bench.example>"
    mail["To"] = ADDRESS
    mail["Subject"] = f"ロガー {sender} が切断される"
    mail["Message-ID"] = f"<{number}@bench.example>"
    if is_answer:
        mail["In-Reply-To"] = f"<{number - 1}@bench.example>"
    text = "15分ごとに切断されます。確認をお願いします。\n" * 20
    mail.set_content(text)
    mail.add_alternative(f"<html><body><p>{text}</p></body></html>", subtype="html")
    for name in ("log.txt", "写真.jpg"):
        mail.add_attachment(os.urandom(20_000), maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def bare(portal: Portal, raws: list[bytes]) -> None:
    """What nobody can do without: each mail's bytes and its two files safe on disk, and its rows, each in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare_mail (id bigserial PRIMARY KEY, digest text, subject text)")
        for raw in raws:
            with transaction.atomic():
                for piece in (raw, raw[:20_000], raw[-20_000:]):
                    stored = write_content([piece], limit_bytes=settings.MAIL_LIMIT_BYTES)
                    cursor.execute("INSERT INTO bare_mail (digest, subject) VALUES (%s, 'x')", [stored and stored[0]])
