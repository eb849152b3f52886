"""What can be said without the database."""

import os
import platform
import shutil
import smtplib
import socket
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from kakehashi.assembly.environment import data_folder, mail_settings
from kakehashi.assembly.refusal import Refusal
from kakehashi.assembly.serve.data_folder import require_writable
from kakehashi.assembly.serve.ownership import owner_of
from kakehashi.assembly.serve.port import require_free
from kakehashi.ui import catalogues

from .finding import Finding

_SECONDS = 5


def examine_machine(port: int) -> Iterator[Finding]:
    yield _python()
    yield _data_folder()
    yield _server(port)
    yield _catalogues()
    yield _mail()
    if _is_development():
        yield _chromium()


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()}, {sys.prefix}")


def _data_folder() -> Finding:
    data = data_folder()
    try:
        require_writable(data)
    except Refusal as refusal:
        return Finding("Data folder", "fail", refusal.what, refusal.do)
    usage = shutil.disk_usage(data)
    says = f"{data}, {usage.free / 1e9:.1f} GB free"
    if usage.free < 2e9 or usage.free / usage.total < 0.05:
        return Finding("Data folder", "warn", says, "Free some space before it runs out.")
    return Finding("Data folder", "ok", says)


def _server(port: int) -> Finding:
    owner = owner_of(data_folder())
    if owner is None:
        return _idle_server(port)
    says = f"process {owner['process']} serves {owner['address']}"
    try:
        with urllib.request.urlopen(f"{owner['address']}/healthz", timeout=_SECONDS):  # noqa: S310 - our own address
            return Finding("Server", "ok", says)
    except (OSError, ValueError) as failure:
        return Finding(
            "Server",
            "fail",
            f"{says}, but does not answer ({failure})",
            "Look at what it printed; stop it and start it again.",
        )


def _idle_server(port: int) -> Finding:
    try:
        require_free("127.0.0.1", port)
    except Refusal as refusal:
        return Finding("Server", "warn", f"not running on this data folder; {refusal.what}", refusal.do)
    return Finding("Server", "ok", f"not running on this data folder; port {port} is free")


def _catalogues() -> Finding:
    missing = [
        floor.name
        for floor in catalogues.floors()
        if (source := catalogues.catalogue_of(floor)).exists() and not source.with_suffix(".mo").exists()
    ]
    if missing:
        return Finding(
            "Translations", "fail", f"not compiled: {', '.join(missing)}", "python -m kakehashi.ui.catalogues compile"
        )
    return Finding("Translations", "ok", "Japanese and English")


def _mail() -> Finding:
    settings = mail_settings()
    if "EMAIL_HOST" not in settings:
        return Finding(
            "Mail",
            "warn",
            "goes to the development outbox only",
            "Set KAKEHASHI_SMTP_URL=smtp://user:password@host:587?starttls",
        )
    host, port = settings["EMAIL_HOST"], settings["EMAIL_PORT"]
    try:
        server = smtplib.SMTP_SSL if settings["EMAIL_USE_SSL"] else smtplib.SMTP
        with server(host, port, timeout=_SECONDS) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as failure:
        return Finding(
            "Mail", "fail", f"{host}:{port} does not answer ({failure})", "Check KAKEHASHI_SMTP_URL and the network."
        )
    return Finding("Mail", "ok", f"{host}:{port} answers")


def _is_development() -> bool:
    return (Path(__file__).resolve().parents[4] / "tests").is_dir()


def _chromium() -> Finding:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        return Finding(
            "Chromium",
            "warn",
            "not found; the browser tests need it",
            "apt-get install chromium fonts-noto-cjk, or set CHROMIUM",
        )
    return Finding("Chromium", "ok", found)
