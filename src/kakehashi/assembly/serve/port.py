"""Is the port free, and if not, whose is it?"""

import contextlib
import errno
import socket

import psutil

from kakehashi.assembly.refusal import Refusal


def require_free(host: str, port: int) -> None:
    """Raises `Refusal` when nothing could listen there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise Refusal(
            f"{host!r} is not an address of this machine.", "Use --host 127.0.0.1 or --host 0.0.0.0."
        ) from None
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # else our own last connections hold it for a minute
        try:
            probe.bind(address)
            probe.listen(1)
        except PermissionError:
            raise Refusal(f"Port {port} needs special rights.", "Use a port above 1023: --port 8000.") from None
        except OSError as failure:
            raise _taken(host, port, failure) from None


def _taken(host: str, port: int, failure: OSError) -> Refusal:
    holder = _holder(port)
    if holder is None and failure.errno != errno.EADDRINUSE:
        return Refusal(
            f"Nothing can listen on {host} port {port} ({failure.strerror}).", "Use another --host or --port."
        )
    by = f" by {holder}" if holder else ""
    return Refusal(f"Port {port} is already in use{by}.", f"Stop that, or choose another port: --port {port + 1}.")


def _holder(port: int) -> str | None:
    """The program that listens there, as far as we may know."""
    for process in psutil.process_iter(["pid", "name"]):
        with contextlib.suppress(psutil.Error):
            for connection in process.net_connections(kind="tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return f"{process.info['name']} (process {process.info['pid']})"
    return None
