"""Speaks just enough of PostgreSQL's protocol (version 3) to refuse a password, or to be too old."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def refusing_password() -> Iterator[str]:
    """A server that answers every password with what PostgreSQL says then."""
    with _serving(_refuse_password) as port:
        yield f"postgresql://kakehashi:wrong@127.0.0.1:{port}/kakehashi"


@contextmanager
def of_version(version: str) -> Iterator[str]:
    """A server that lets everybody in and says that it is of this version."""
    with _serving(lambda peer: _let_in(peer, version)) as port:
        yield f"postgresql://kakehashi@127.0.0.1:{port}/kakehashi"


def _refuse_password(peer: socket.socket) -> None:
    _send(peer, b"R", struct.pack("!i", 3))
    peer.recv(1024)
    _send(peer, b"E", b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "kakehashi"\0\0')


def _let_in(peer: socket.socket, version: str) -> None:
    _send(peer, b"R", struct.pack("!i", 0))
    for name, value in (("server_version", version), ("client_encoding", "UTF8")):
        _send(peer, b"S", f"{name}\0{value}\0".encode())
    _send(peer, b"Z", b"I")
    peer.recv(1024)


def _send(peer: socket.socket, kind: bytes, content: bytes) -> None:
    peer.sendall(kind + struct.pack("!i", len(content) + 4) + content)


@contextmanager
def _serving(answer) -> Iterator[int]:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=[server, answer], daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket, answer) -> None:  # type: ignore[no-untyped-def]
    with suppress(OSError):
        while True:
            peer, _ = server.accept()
            with peer, suppress(OSError):
                _start(peer)
                answer(peer)


def _start(peer: socket.socket) -> None:
    """Declines encryption as often as it is asked for, then reads the start-up packet."""
    while True:
        (length, code) = struct.unpack("!ii", peer.recv(8))
        if code in {80877103, 80877104}:
            peer.sendall(b"N")
            continue
        peer.recv(length - 8)
        return
