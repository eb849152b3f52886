"""`recount`."""

from typing import Annotated

import typer

from .django_ready import database_in_use, load_django


def add_to(app: typer.Typer) -> None:
    app.command()(recount)


def recount(
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong; exit code 1 if anything is.")] = False,
) -> None:
    """Count the kept figures of tickets anew, portal by portal, after tickets came into the database past the product."""
    with database_in_use():
        load_django()
        from kakehashi.desk.portals.models import Portal
        from kakehashi.desk.tickets.recounting import recount_figures, wrong_figures

        are_wrong = False
        for portal in Portal.objects.order_by("pk"):
            wrong = wrong_figures(portal)
            are_wrong = are_wrong or wrong > 0
            print(f"{portal.name}: {f'{wrong} rows of figures are wrong.' if wrong else 'all figures are right.'}")
            if wrong and not check:
                recount_figures(portal)
                print(f"{portal.name}: counted anew.")
    if check and are_wrong:
        raise typer.Exit(1)
