"""Is the data folder fit to be written for a while?"""

import shutil
import tempfile
from pathlib import Path

from kakehashi.assembly.postgres.failures import cannot_write
from kakehashi.assembly.refusal import Refusal

LEAST_FREE_BYTES = 200_000_000


def require_writable(data: Path) -> None:
    """Make the folder if there is none. Raises `Refusal` when it cannot be written or its disk is nearly full."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data) as probe:
            probe.write(b"x" * 65_536)
            probe.flush()
    except OSError as failure:
        raise cannot_write(data, failure) from None
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        raise Refusal(
            f"The disk that holds {data} is full: {free // 1_000_000} MB are left, {LEAST_FREE_BYTES // 1_000_000} MB are needed.",
            "Free some space and start again; nothing is lost.",
        )
