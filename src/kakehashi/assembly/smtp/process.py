"""The listener as the supervisor starts it."""

import os

from kakehashi.assembly.cli.errors import ends_with_a_sentence
from kakehashi.assembly.serve.lifeline import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    with ends_with_a_sentence():
        from kakehashi.assembly.smtp.run import LISTEN, place_of, run_smtp

        run_smtp(*place_of(os.environ[LISTEN]))
