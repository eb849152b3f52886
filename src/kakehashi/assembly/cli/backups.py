"""`backup` and `restore`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kakehashi.assembly.environment import data_folder, database_url
from kakehashi.assembly.refusal import Refusal
from kakehashi.assembly.serve.data_folder import require_writable
from kakehashi.assembly.serve.ownership import owned

from .django_ready import database_in_use, load_django


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, for instance kakehashi-2027-01-31.tar.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file if it is there.")] = False,
) -> None:
    """Write everything into one file: database, attachments, secret key. The product may go on meanwhile.

    Keep it safe: who has it has everything. Bring it back with `kakehashi restore FILE`.
    """
    if file.exists() and not replace:
        raise Refusal(f"{file} is there already.", "Choose another name, or --replace it.")
    with database_in_use():
        load_django()
        from kakehashi.assembly.backup.making import make_backup

        size = make_backup(file.absolute(), database_url())
    print(f"Wrote {file} ({size / 1_000_000:.1f} MB).")


def restore(
    file: Annotated[Path, typer.Argument(help="What `kakehashi backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what is there is replaced.")] = False,
) -> None:
    """Bring back everything from a backup. Stop the product first.

    What is there now is put aside, not destroyed: its database is kept under another name, which is printed.
    """
    from kakehashi.assembly.backup.archive import verify
    from kakehashi.assembly.backup.restoring import Restoring

    data = data_folder()
    require_writable(data)
    manifest = verify(file)
    with owned(data, "kakehashi restore"), database_in_use():
        restoring = Restoring(database_url(), data)
        restoring.require_nobody_connected()
        replaces = not restoring.is_target_empty()
        if replaces and not yes:
            _ask(manifest["made_at"])
        os.environ["DATABASE_URL"] = restoring.fill_fresh_database(file)
        _bring_up_to_date()
        restoring.take_out_files(file)
        restoring.swap()
    print(f"Restored the backup of {manifest['made_at']}. Start with: kakehashi serve")
    if replaces:
        print(f"What was there is kept as the database {restoring.kept}; when you no longer need it, drop it.")


def _ask(made_at: str) -> None:
    if not sys.stdin.isatty():
        raise Refusal(
            "There is data here already, and it would be replaced.", "Run it again with --yes if you want that."
        )
    typed = input(f"There is data here already. Type `replace` to put the backup of {made_at} in its place: ")
    if typed.strip() != "replace":
        raise Refusal("Nothing was changed.")


def _bring_up_to_date() -> None:
    """In the restored database, before it takes its place: newer tables, and a new epoch, since transaction numbers begin anew."""
    load_django()
    from django.db import connection

    from kakehashi.assembly.serve.migrations import migrate
    from kakehashi.core.events.reading import begin_epoch

    migrate()
    begin_epoch()
    connection.close()
