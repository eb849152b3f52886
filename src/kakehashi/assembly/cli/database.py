"""`migrate` and `manage`."""

import os

import typer

from .django_ready import database_in_use, load_django


def add_to(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})(
        manage
    )


def migrate() -> None:
    """Bring the database up to date with this version. `serve` does it by itself; this is for doing it beforehand."""
    with database_in_use():
        load_django()
        from kakehashi.assembly.serve.migrations import migrate as run_migrations

        print("The database is up to date now." if run_migrations() else "The database was up to date.")


def manage(context: typer.Context) -> None:
    """Run a Django management command: `kakehashi manage shell`, `kakehashi manage makemigrations crm`, …"""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    with database_in_use():
        execute_from_command_line(["kakehashi manage", *context.args])
