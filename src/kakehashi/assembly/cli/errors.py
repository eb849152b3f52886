"""What goes wrong is told in one sentence, not in a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from kakehashi.assembly.refusal import Refusal

VERBOSE = "KAKEHASHI_VERBOSE"


@contextmanager
def ends_with_a_sentence() -> Iterator[None]:
    """Around everything a command does. Ends the process with the failure's exit code."""
    try:
        yield
    except Refusal as refusal:
        _end(refusal.what, refusal.do, refusal.exit_code)
    except KeyboardInterrupt:
        _end("Interrupted.", "", 130)
    except OSError as failure:
        if failure.errno != errno.ENOSPC:
            _unexpected(failure)
        _end(
            f"The disk is full ({failure.filename or 'while writing'}).",
            "Free some space and try again; nothing is lost.",
            1,
        )
    except Exception as failure:  # noqa: BLE001 - the outermost place there is
        _unexpected(failure)


def _unexpected(failure: Exception) -> None:
    words = " ".join(str(failure).split()) or "no further words"
    _end(
        f"{type(failure).__name__}: {words}",
        "Run it again with --verbose for where this happened; kakehashi doctor checks the rest.",
        1,
    )


def _end(what: str, do: str, code: int) -> None:
    if os.environ.get(VERBOSE):
        traceback.print_exc()
    print(f"kakehashi: {what}", file=sys.stderr)
    if do:
        print(f"           {do}", file=sys.stderr)
    sys.exit(code)
