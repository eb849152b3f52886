"""`KAKEHASHI_LOG` says how much is written, `KAKEHASHI_LOG_FORMAT` in which shape: text, or json."""

import logging.config
import os
from typing import Any

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


def is_json() -> bool:
    return os.environ.get("KAKEHASHI_LOG_FORMAT", "").lower() == "json"


def log_settings() -> dict[str, Any]:
    """For `logging.config.dictConfig`, and so for Django's LOGGING."""
    here = "kakehashi.assembly.logs.lines"
    shape = {"()": f"{here}.JsonLines"} if is_json() else {"()": f"{here}.PlainLines", "format": _LINE}
    level = os.environ.get("KAKEHASHI_LOG", "")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": shape},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level or "WARNING"},
        "loggers": {
            "kakehashi": {"level": level or "INFO"},
            "kakehashi.requests": {"level": "INFO" if is_json() else "WARNING"},
            "django.request": {
                "level": "CRITICAL"
            },  # names addresses, which may be keys; what fails is logged by ui/errors
        },
    }


def configure_logs() -> None:
    """For processes without Django, such as the supervisor."""
    logging.config.dictConfig(log_settings())
