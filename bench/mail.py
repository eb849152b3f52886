"""Mails with attachments from raw bytes to filed tickets, beside the bare writing of the same bytes and rows."""

import os
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings
from django.db import connection, transaction

from bench.harness import Row, at_least, backend_pid, bench, stopwatch, work_stopwatch
from bench.world import make_person
from kakehashi.core.attachments.storage import write_contents
from kakehashi.desk.addresses.actions import add_address
from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail, MailState
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.portals.actions import create_portal
from kakehashi.desk.tickets.models import Ticket

ADDRESS = "support@bench.example"
GOAL = 150


@bench("mail", n=1_000)
def mail_intake(n: int) -> list[Row]:
    """Each mail stored and committed by itself, as a listener does, then filed; every third answers an earlier one.

    The listener stores while the worker files: as many come in as the slower of the two bears.
    """
    administrator = make_person("Mail intake")
    portal = create_portal(name="Mail intake", administrator=administrator)
    add_address(portal.departments.all()[0], address=ADDRESS, actor=administrator.as_actor())
    raws = [raw_mail(number) for number in range(n)]
    bare_storing, bare_filing = bare(raws)
    with stopwatch() as seconds:
        for raw in raws:
            take_in(portal, [Delivery(raw, [ADDRESS], "a@b.example")])
        taking = n / seconds()
    with stopwatch() as seconds, work_stopwatch(backend_pid()) as busy:
        file_waiting(portal.pk)
        filing, filing_alone = n / seconds(), n / busy()
    assert IncomingMail.objects.filter(portal=portal, state=MailState.FILED).count() == n
    assert Ticket.objects.filter(portal=portal).count() == n - n // 3
    whole, limit = 1 / (1 / taking + 1 / filing), 1 / (1 / bare_storing + 1 / bare_filing)
    return [
        at_least("mail stored (before '250')", n, taking, bare_storing, GOAL, "mails/s"),
        at_least("mail filed", n, filing, bare_filing, GOAL, "mails/s"),
        at_least("mail filed, per second of work of ours and the database's", n, filing_alone, None, GOAL, "mails/s"),
        Row("mail stored and filed, one after the other", n, whole, "mails/s", limit, "–"),
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


def bare(raws: list[bytes]) -> tuple[float, float]:
    """What nobody can do without, in mails per second: (each mail's bytes safe on disk and its row committed; then, for a hundred at
    a time, two files of each safe on disk and four rows of each in one transaction).
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_mail")
        cursor.execute("CREATE TABLE bare_mail (id bigserial PRIMARY KEY, digest text, said text)")
    with stopwatch() as seconds:
        for raw in raws:
            keep_bare([[raw]], [raw[:200].hex()])
        storing = len(raws) / seconds()
    with stopwatch() as seconds:
        for start in range(0, len(raws), 100):
            some = raws[start : start + 100]
            keep_bare(
                [[piece] for raw in some for piece in (raw[:20_000], raw[-20_000:])],
                [raw[:400].hex() for raw in some] * 2,
            )
        filing = len(raws) / seconds()
    return storing, filing


def keep_bare(pieces: Sequence[Sequence[bytes]], said: Sequence[str]) -> None:
    stored = write_contents(pieces, limit_bytes=settings.MAIL_LIMIT_BYTES)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy("COPY bare_mail (digest, said) FROM STDIN") as copy,
    ):
        for row in (*((one and one[0], "") for one in stored), *(("", text) for text in said)):
            copy.write_row(row)
