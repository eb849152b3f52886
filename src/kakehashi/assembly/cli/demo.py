"""`demo` and `demo csv`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .django_ready import set_up_django

demo = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown")


def add_to(app: typer.Typer) -> None:
    app.add_typer(demo, name="demo")


@demo.callback()
def load(context: typer.Context) -> None:
    """Fill an empty installation with a plausible company: accounts, contacts, deals, tickets, in Japanese and English.

    Nothing happens where people work already. A demo that was cut off goes on where it was. `kakehashi demo csv` makes a spreadsheet.
    """
    if context.invoked_subcommand:
        return
    from kakehashi.assembly.demo.staff import PASSWORD, STAFF

    with set_up_django():
        from kakehashi.assembly.demo.load import load_demo

        if load_demo(lambda line: print(f"  {line}", flush=True)):
            print(f"Sign in as {STAFF[0].email}, password {PASSWORD}.")
        else:
            print("Nothing was added: there are people here already.")


@demo.command("csv")
def spreadsheet(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; to the terminal if left out.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="How many customers.")] = 10_000,
    encoding: Annotated[
        str, typer.Option(help="cp932 as Japanese spreadsheets write it; utf-8-sig, utf-8, …")
    ] = "cp932",
) -> None:
    """Make a spreadsheet of invented customers for trying the import, with the trouble that real ones have.

    One row is broken, one repeats an address, some cells hold line ends and quotation marks.

    Example:

        kakehashi demo csv customers.csv --rows 10000 --encoding cp932
    """
    from kakehashi.assembly.demo.spreadsheet import make_spreadsheet

    try:
        content = make_spreadsheet(rows, encoding)
    except LookupError as unknown:
        raise typer.BadParameter(f"nobody knows the encoding {encoding!r}", param_hint="--encoding") from unknown
    if file:
        file.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
