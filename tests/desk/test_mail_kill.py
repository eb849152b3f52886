"""A process killed in the middle of filing leaves nothing half done, and the next one files the mail once."""

import pytest

from kakehashi.desk.intake.filing import file_waiting
from kakehashi.desk.intake.models import IncomingMail
from kakehashi.desk.intake.taking import Delivery, take_in
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import make_portal
from tests.makers.killing import killed_within, until
from tests.makers.mail import make_mail

_FILER = """
from kakehashi.desk.intake import filing
decide_all = filing.decide_all
def decide_and_hang(read, threads, house):
    decide_all(read, threads, house)
    hang()
filing.decide_all = decide_and_hang
filing.file_waiting({portal})
"""


@pytest.mark.django_db(transaction=True)
def test_a_filer_killed_at_the_worst_moment_makes_no_second_ticket() -> None:
    portal = make_portal()
    take_in(portal, [Delivery(make_mail(files={"log.txt": b"x"}))])
    with killed_within(_FILER.format(portal=portal.pk)):
        assert file_waiting(portal.pk) == 0  # somebody else works there
    assert not Ticket.objects.exists()
    until(Ticket.objects.exists, lambda: file_waiting(portal.pk))
    assert Ticket.objects.count() == 1
    assert IncomingMail.objects.get().attempts == 2
