"""A real IMAP server for one test: Dovecot on loopback, with mailboxes in a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools import MailBoxUnencrypted

PROGRAM = shutil.which("dovecot") or (Path("/usr/sbin/dovecot").exists() and "/usr/sbin/dovecot") or ""
PASSWORD = "secret"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    port: int
    folder: Path

    def open(self, user: str = "support") -> MailBoxUnencrypted:
        box = MailBoxUnencrypted("127.0.0.1", self.port, timeout=10)
        box.login(user, PASSWORD)
        return box

    def put(self, *raws: bytes, user: str = "support") -> None:
        with self.open(user) as box:
            for raw in raws:
                box.append(raw, "INBOX")

    def forget_numbers(self, user: str = "support") -> None:
        """As after a restore: the server numbers its mails anew under another UIDVALIDITY."""
        for path in (self.folder / "mail" / user).glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # the validity is a second of the clock


@contextmanager
def running_dovecot(folder: Path) -> Iterator[Dovecot]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    is_root = os.getuid() == 0
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    users = "" if is_root else f"default_internal_user = {owner.pw_name}\ndefault_login_user = {owner.pw_name}"
    (folder / "mail").mkdir(parents=True)
    if is_root:
        for path in (folder, *folder.parents[:2]):
            path.chmod(0o755)
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(folder=folder, users=users, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid, port=port)
    )
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, folder / "log")
        yield Dovecot(port, folder)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, log: Path) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text() if log.exists() else "Dovecot does not start")
