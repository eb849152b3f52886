"""The worker process as the supervisor starts it."""

from kakehashi.assembly.cli.errors import ends_with_a_sentence
from kakehashi.assembly.serve.lifeline import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    with ends_with_a_sentence():
        from kakehashi.assembly.worker.run import run_worker

        run_worker()
