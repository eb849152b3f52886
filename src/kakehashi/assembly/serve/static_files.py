"""Static files get compressed twins once per version, not once per request."""

import logging
import shutil
import time

from django.conf import settings
from django.core.management import call_command

from kakehashi.assembly.environment import collected_mark, collected_version

logger = logging.getLogger(__name__)


def collect_static_files() -> bool:
    """Into DATA/static, when they changed since the last time. True when there was something to do."""
    if settings.DEBUG or collected_version(settings.DATA) == settings.STATIC_VERSION:
        return False
    started = time.monotonic()
    collected_mark(settings.DATA).unlink(missing_ok=True)
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    collected_mark(settings.DATA).write_text(settings.STATIC_VERSION)
    logger.info("Prepared the static files in %.1f s", time.monotonic() - started)
    return True
