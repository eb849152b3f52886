"""A process killed in the middle of filing leaves nothing half done, and the next one files the mail once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_portal
from tests.makers.mail import make_mail

_FILER = """
import django, time
django.setup()
from kakehashi.desk.intake import filing
decide = filing.decide
def decide_and_hang(mail, house):
    decide(mail, house)
    print("made, not committed", flush=True)
    time.sleep(60)
filing.decide = decide_and_hang
filing.file_waiting({portal})
"""


@pytest.mark.django_db(transaction=True)
def test_a_filer_killed_at_the_worst_moment_makes_no_second_ticket() -> None:
    portal = make_portal()
    take_in(portal, [Delivery(make_mail(files={"log.txt": b"x"}))])
    database = connection.get_connection_params()
    url = (
        f"postgresql://{database['user']}@/{database['dbname']}?host={database['host']}&port={database.get('port', '')}"
    )
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kakehashi.assembly.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", _FILER.format(portal=portal.pk)], env=environment, stdout=subprocess.PIPE, text=True
    ) as filer:
        assert filer.stdout is not None
        assert filer.stdout.readline() == "made, not committed\n"
        assert file_waiting(portal.pk) == 0  # somebody else works there
        filer.send_signal(signal.SIGKILL)
    assert not Ticket.objects.exists()
    until = time.monotonic() + 10
    while not Ticket.objects.exists() and time.monotonic() < until:  # PostgreSQL notices the death in a moment
        file_waiting(portal.pk)
    assert Ticket.objects.count() == 1
    assert IncomingMail.objects.get().attempts == 2
