"""The command `kakehashi`."""

import os

import typer

app = typer.Typer(no_args_is_help=True, help="Kakehashi: a CRM and a help desk that work as one.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Run a Django management command (migrate, makemigrations, shell …)."""
    from django.core.management import execute_from_command_line

    from kakehashi.assembly.environment import embedded_cluster

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.assembly.settings")
    if cluster := embedded_cluster():
        cluster.start()
    execute_from_command_line(["kakehashi manage", *context.args])


@app.callback()
def _main() -> None:
    """Keeps `manage` a sub-command while it is the only one."""
