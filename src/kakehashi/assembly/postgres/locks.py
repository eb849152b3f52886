"""Who on this machine uses a cluster. Locks that the system gives up by itself when their holder dies, so none is ever stale."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Only one process at a time starts or stops a cluster."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.starting").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Use:
    """Held by every process that needs the cluster to stay up. Taken and given up while `starting` is held."""

    def __init__(self, folder: Path) -> None:
        self._file = folder.with_name(f"{folder.name}.users").open("w")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def end(self) -> bool:
        """True when nobody else used the cluster, so that it may be stopped."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            self._file.close()
