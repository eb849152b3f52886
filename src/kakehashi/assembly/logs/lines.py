"""The two shapes of a line: for people at a terminal, and JSON for programs."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from .about import told
from .masking import places_of, words_of


class PlainLines(logging.Formatter):
    """Text. Failures keep the places of their traceback and lose the values in their words."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        return "\n".join([*(f"  {place}" for place in places_of(ei[2])), words_of(ei[1])])


class JsonLines(logging.Formatter):
    """One object per line: at, level, logger, says, then what it is about, and for failures error and where."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "says": record.getMessage(),
            **told(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= {"error": words_of(record.exc_info[1]), "where": places_of(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)
