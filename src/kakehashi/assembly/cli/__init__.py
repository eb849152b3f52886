"""The command `kakehashi`: one small module per command."""

import os
import sys
from typing import Annotated

import typer

from . import backups, database, demo, doctor, recount, serving, sync
from .errors import VERBOSE, ends_with_a_sentence

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
serving.add_to(app)
demo.add_to(app)
doctor.add_to(app)
backups.add_to(app)
database.add_to(app)
sync.add_to(app)
recount.add_to(app)


@app.callback()
def kakehashi(
    verbose: Annotated[bool, typer.Option("--verbose", help="Show where in the program an error happened.")] = False,
) -> None:
    """Kakehashi: a CRM and a help desk that work as one, on one customer base.

    Start with `kakehashi serve`. Everything is kept in the folder KAKEHASHI_DATA (./data if not set),
    in an embedded PostgreSQL unless DATABASE_URL names another one.
    """


def main() -> None:
    """The console script. `--verbose` counts wherever it stands."""
    if "--verbose" in sys.argv[1:]:
        sys.argv.remove("--verbose")
        os.environ[VERBOSE] = "1"
    with ends_with_a_sentence():
        app()
