"""`make test-scale MINUTES=3 SEED=…`"""

import asyncio
import os
import random
import secrets
import sys
import threading
import time
from email import policy
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller

from tests.assembly.product import free_port, wait_for

from .installation import WEB, WORKERS, Installation, fresh_database, use_django


class Postbox:
    """Where mails to customers arrive: Message-ID and text. It takes its time, so that senders are killed before its word and after it."""

    def __init__(self) -> None:
        self.left: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail: Any = BytesParser(policy=policy.default).parsebytes(envelope.content)
        text = mail.get_body(("plain", "html"))
        await asyncio.sleep(random.uniform(0, 1))
        self.left.append((str(mail["Message-ID"]), text.get_content() if text else ""))
        await asyncio.sleep(random.uniform(0, 1))
        return "250 OK"


def main(minutes: float, seed: int) -> int:
    postbox = Postbox()
    receiving = Controller(postbox, hostname="127.0.0.1", port=free_port())
    receiving.start()
    try:
        with fresh_database() as url:
            use_django(url)
            return run(url, receiving.port, postbox, minutes, seed)
    finally:
        receiving.stop()


def run(url: str, postbox_port: int, postbox: Postbox, minutes: float, seed: int) -> int:
    """Answers 1 if anything is wrong at the end."""
    from .judging import findings
    from .settling import settle
    from .world import make_world

    print(f"Scale: {WEB} web and {WORKERS} worker processes, {minutes:g} minutes, SEED={seed}", flush=True)
    world = make_world()
    installation = Installation(url, postbox_port)
    stopped = threading.Event()
    try:
        scene = when_synced(world, installation, seed, stopped)
        killed = storm(scene, installation, minutes)
        calm = time.monotonic()
        left = settle()
        settled = time.monotonic() - calm
        wrong = [f"still under way: {count} {name}" for name, count in left.items()]
        wrong += [f"a visitor's trouble: {one}" for one in scene.done.crashes]
        wrong += findings(world, scene.done, postbox.left)
    finally:
        stopped.set()
        installation.product.stop()
    report(scene.done, killed, installation, postbox, settled)
    return judge(wrong, installation)


def when_synced(world: Any, installation: Installation, seed: int, stopped: threading.Event) -> Any:
    """The scene, once the processes are up and the customers stand in the Desk."""
    from .deeds import Done, Scene
    from .settling import under_way
    from .world import PEOPLE, email_of, open_tickets

    started = time.monotonic()
    installation.product.wait_until_ready()
    wait_for(lambda: len(contacts_of(world)) >= PEOPLE and not under_way())
    print(f"  {PEOPLE} contacts were synced after {time.monotonic() - started:.0f} s; now the storm", flush=True)
    contacts = contacts_of(world)
    by_number = {number: contacts[email_of(number)] for number in range(PEOPLE)}
    place = (installation.address, installation.smtp_port)
    return Scene(world, *place, by_number, open_tickets(world), seed, stopped, Done())


def storm(scene: Any, installation: Installation, minutes: float) -> Any:
    """People work while processes are killed. Answers how many of each were."""
    from .deeds import begin
    from .killing import kill_at_random

    crews = begin(scene)
    threading.Timer(minutes * 60, scene.stopped.set).start()
    killed = kill_at_random(installation, scene.seed, scene.stopped)
    for crew in crews:
        crew.join()
    return killed


def judge(wrong: list[str], installation: Installation) -> int:
    for one in wrong[:60]:
        print(f"  WRONG {one}")
    print(f"  {len(wrong)} things are wrong." if wrong else "  Nothing is lost, nothing is there twice.")
    if wrong:
        log = installation_log(installation)
        print(f"  What the processes said: {log}; the database stays in build/scale until the next run.")
    return 1 if wrong else 0


def contacts_of(world: Any) -> dict[str, int]:
    from kakehashi.desk.customers.models import Contact

    return dict(Contact.objects.filter(portal=world.portal_id).values_list("email", "pk"))


def installation_log(installation: Installation) -> str:
    from .installation import FOLDER

    log = FOLDER / "processes.log"
    log.write_text("\n".join(installation.lines))
    return str(log)


def report(done: Any, killed: Any, installation: Installation, postbox: Postbox, settled: float) -> None:
    kills = ", ".join(f"{count} {name}" for name, count in sorted(killed.items()))
    again = len(postbox.left) - len(dict(postbox.left))
    print(f"  killed: {sum(killed.values())} ({kills}); supervisor started {installation.starts} times")
    print(f"  requests whose answer was lost: {done.losses}; deeds of unknown end: {len(done.unknown)}")
    print(
        f"  edits in the CRM {len(done.crm_edits)}, in the Desk {len(done.desk_edits)}; records created {len(done.created)}"
    )
    print(
        f"  mails in {len(done.mails)}, answers from the CRM {len(done.replies)}, mails out {len(dict(postbox.left))}"
    )
    print(f"  mails out that were sent a second time under the same Message-ID: {again}")
    print(f"  at rest {settled:.0f} s after the last kill")


if __name__ == "__main__":
    sys.exit(main(float(os.environ.get("MINUTES") or 3), int(os.environ.get("SEED") or secrets.randbelow(10**6))))
