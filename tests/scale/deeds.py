"""What people do all the while. Each deed carries a word of its own, by which the end is judged."""

import random
import smtplib
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.makers.mail import make_mail

from .visitors import ServerIsGone, Visitor, form_in, hidden
from .world import PASSWORD, SUPPORT, World, email_of

_TWICE = 0.25


@dataclass
class Done:
    """What was acknowledged. `unknown` holds words whose deed was given up without an answer: they may be there once, or not."""

    crm_edits: dict[str, int] = field(default_factory=dict)  # value -> record
    desk_edits: dict[str, int] = field(default_factory=dict)  # value -> contact
    created: list[str] = field(default_factory=list)  # e-mail addresses
    mails: dict[str, str] = field(default_factory=dict)  # word -> the word of the mail it answers, or ""
    replies: dict[str, int] = field(default_factory=dict)  # word -> ticket
    unknown: list[str] = field(default_factory=list)
    losses: int = 0
    crashes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    world: World
    address: str
    smtp_port: int
    contacts: dict[int, int]  # number of the customer -> contact in the Desk
    tickets: dict[int, int]  # ticket -> number of the customer
    seed: int
    stopped: threading.Event
    done: Done


def begin(scene: Scene) -> list[threading.Thread]:
    crews: list[Callable[[Scene, random.Random], None]] = [edit_in_crm, edit_in_desk, create, send_mails, answer]
    threads = [
        threading.Thread(
            target=_keep_at_it, args=[crew, scene, random.Random(f"{scene.seed} {crew.__name__}")], name=crew.__name__
        )
        for crew in crews
    ]
    for thread in threads:
        thread.start()
    return threads


def _keep_at_it(crew: Callable[[Scene, random.Random], None], scene: Scene, chance: random.Random) -> None:
    while not scene.stopped.is_set():
        try:
            crew(scene, chance)
        except ServerIsGone as gone:
            scene.done.crashes.append(f"{crew.__name__}: the server was gone for too long at {gone}")
        except Exception:  # noqa: BLE001 - told in the report
            scene.done.crashes.append(f"{crew.__name__}: {traceback.format_exc(limit=4)}")
            scene.stopped.wait(2)


def _visitor(scene: Scene, crew: int) -> Visitor:
    return Visitor(scene.address, scene.world.people[crew].email, PASSWORD)


def _times(chance: random.Random) -> int:
    """Now and then the same is sent twice: somebody clicks again, a mail server did not hear our word."""
    return 2 if chance.random() < _TWICE else 1


def edit_in_crm(scene: Scene, chance: random.Random) -> None:
    visitor, org = _visitor(scene, 0), scene.world.org_id
    number = 0
    while not scene.stopped.wait(chance.uniform(0.1, 0.5)):
        number += 1
        record, value = chance.choice(scene.world.records[:20]), f"03-{chance.randrange(10_000):04}-{number:04}"
        path = f"/crm/{org}/Contacts/{record}/fields/Mobile"
        for _attempt in range(20):
            page = visitor.get(path)
            answer = visitor.post(path, {"Mobile": value, "was": hidden(page.text, "was")})
            if answer.status_code == 200:
                scene.done.crm_edits[value] = record
                break
            assert answer.status_code == 409, (answer.status_code, answer.text[:500])
        scene.done.losses, visitor.losses = scene.done.losses + visitor.losses, 0


def edit_in_desk(scene: Scene, chance: random.Random) -> None:
    visitor, portal = _visitor(scene, 1), scene.world.portal_id
    number = 0
    while not scene.stopped.wait(chance.uniform(0.1, 0.5)):
        number += 1
        contact, value = scene.contacts[chance.randrange(20)], f"06-{chance.randrange(10_000):04}-{number:04}"
        path = f"/desk/{portal}/contacts/{contact}/edit/"
        for _attempt in range(20):
            page = visitor.get(path)
            answer = visitor.post(path, {**form_in(page.text), "mobile": value})
            if answer.status_code == 302:
                scene.done.desk_edits[value] = contact
                break
            assert answer.status_code in {409, 422}, (answer.status_code, answer.text[:500])
        scene.done.losses, visitor.losses = scene.done.losses + visitor.losses, 0


def create(scene: Scene, chance: random.Random) -> None:
    """A form that was sent without an answer is not sent again: whoever would, looks first whether the record is there."""
    visitor, org = _visitor(scene, 2), scene.world.org_id
    number = len(scene.done.created) + len(scene.done.unknown)
    path = f"/crm/{org}/Contacts/new"
    while not scene.stopped.wait(chance.uniform(0.5, 1.5)):
        number += 1
        email = f"new{number}@scale.example"
        page = visitor.get(path)
        losses = visitor.losses
        answer = visitor.post(path, {**form_in(page.text), "Last_Name": f"新規{number}", "Email": email})
        if visitor.losses > losses:
            scene.done.unknown.append(email)
        elif answer.status_code == 302:
            scene.done.created.append(email)
        else:
            raise AssertionError((answer.status_code, answer.text[:500]))
        scene.done.losses, visitor.losses = scene.done.losses + visitor.losses, 0


def send_mails(scene: Scene, chance: random.Random) -> None:
    """As another mail server does: until it is acknowledged, the same mail again."""
    number = len(scene.done.mails)
    while not scene.stopped.wait(chance.uniform(0.2, 0.8)):
        number += 1
        word = f"mail-{number}-{scene.seed}"
        earlier = [one for one, answered in scene.done.mails.items() if not answered]
        answered = chance.choice(earlier) if earlier and chance.random() < 0.3 else ""
        sender = int(answered.split("-")[1]) % 60 if answered else number % 60
        raw = make_mail(
            sender=email_of(sender),
            name=f"相沢{sender}",
            to=SUPPORT,
            subject=f"Re: {answered}" if answered else word,
            text=f"{word}\n確認をお願いします。",
            message_id=f"<{word}@scale.example>",
            in_reply_to=f"<{answered}@scale.example>" if answered else "",
            references=f"<{answered}@scale.example>" if answered else "",
        )
        while not scene.stopped.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", scene.smtp_port, timeout=20) as server:
                    for _time in range(_times(chance)):
                        server.sendmail(email_of(sender), [SUPPORT], raw)
                scene.done.mails[word] = answered
                break
            except (OSError, smtplib.SMTPException):
                scene.done.losses += 1
                time.sleep(0.3)
        else:
            scene.done.unknown.append(word)


def answer(scene: Scene, chance: random.Random) -> None:
    """From the customer's record in the CRM, by the Desk's composer. What was lost on its way is sent again."""
    visitor, org = _visitor(scene, 4), scene.world.org_id
    number = 0
    while not scene.stopped.wait(chance.uniform(0.3, 1.0)):
        number += 1
        ticket = chance.choice(list(scene.tickets))
        customer, word = scene.tickets[ticket], f"reply-{number}-{chance.randrange(10**6)}"
        here = f"/crm/{org}/Contacts/{scene.world.records[customer]}/tickets/{ticket}"
        for _attempt in range(20):
            page = visitor.get(f"{here}/composer")
            form = {
                "mode": "reply",
                "html": f"<div>{word}</div>",
                "to": [email_of(customer)],
                "seen": hidden(page.text, "seen") or "0",
            }
            for _time in range(_times(chance)):
                given = visitor.post(f"{here}/replies", form)
            if given.status_code == 302:
                scene.done.replies[word] = ticket
                break
            assert given.status_code == 409, (given.status_code, given.text[:500])
        scene.done.losses, visitor.losses = scene.done.losses + visitor.losses, 0
