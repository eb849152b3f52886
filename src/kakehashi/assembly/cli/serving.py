"""`serve`, `worker`, `version`."""

from typing import Annotated

import typer

from kakehashi import __version__
from kakehashi.assembly.environment import embedded_cluster
from kakehashi.assembly.logs.configuring import configure_logs
from kakehashi.assembly.serve.port import require_free
from kakehashi.assembly.serve.supervisor import Service
from kakehashi.assembly.serve.supervisor import serve as run_service

from .django_ready import database_in_use


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(worker)
    app.command()(smtp)
    app.command()(version)


def serve(
    host: Annotated[
        str, typer.Option(help="Where to listen. 0.0.0.0 lets other machines in; name them in KAKEHASHI_HOSTS.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="On which port.")] = 8000,
    processes: Annotated[int, typer.Option(min=1, help="Web processes; one serves a few dozen people.")] = 1,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0 when workers run elsewhere.")] = 1,
) -> None:
    """Serve the product: database, web and worker in one command. Ctrl-C or SIGTERM stops everything in order.

    Killed at any moment, it is simply started again: nothing is lost and nothing happens twice.

    Examples:

        kakehashi serve

        kakehashi serve --port 8080

        KAKEHASHI_DATA=/var/lib/kakehashi kakehashi serve --host 0.0.0.0

        DATABASE_URL=postgresql://me:secret@db/kakehashi kakehashi serve --processes 2 --workers 2
    """
    configure_logs()
    run_service(Service(host=host, port=port, web_processes=processes, workers=workers))


def worker(
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many background jobs at the same time.")] = 4,
    metrics: Annotated[
        str,
        typer.Option(
            help="host:port on which to tell Prometheus of this worker's own jobs, for instance 127.0.0.1:9101."
        ),
    ] = "",
) -> None:
    """Run one more worker beside those of `serve`, on this machine or another one with the same DATABASE_URL.

    Workers share the work among themselves; a job of one that dies is taken over by another within seconds.
    """
    from kakehashi.assembly.serve.lifeline import die_with_parent
    from kakehashi.assembly.worker.run import run_worker

    die_with_parent()
    if metrics:
        _tell_prometheus(metrics)
    with database_in_use():
        run_worker(concurrency=jobs)


def _tell_prometheus(listen: str) -> None:
    from prometheus_client import start_http_server

    from kakehashi.assembly.smtp.run import place_of

    host, port = place_of(listen)
    require_free(host, port)
    start_http_server(port, host)


def smtp(
    listen: Annotated[
        str, typer.Option(envvar="KAKEHASHI_SMTP_LISTEN", help="Where to listen: host:port, or :port for everywhere.")
    ] = "127.0.0.1:2525",
) -> None:
    """Take in mails that another mail server forwards to the addresses of your departments.

    It knows those addresses and no others, and relays nothing. `kakehashi serve` does the same when KAKEHASHI_SMTP_LISTEN is set.
    KAKEHASHI_SMTP_CERTIFICATE and KAKEHASHI_SMTP_KEY name the files for STARTTLS, KAKEHASHI_MAIL_LIMIT_MB the largest mail (30).

    Examples:

        kakehashi smtp --listen 0.0.0.0:25

        KAKEHASHI_SMTP_LISTEN=127.0.0.1:2525 kakehashi serve
    """
    configure_logs()
    from kakehashi.assembly.smtp.run import place_of, run_smtp

    with database_in_use():
        run_smtp(*place_of(listen))


def version() -> None:
    """Print the version of Kakehashi and of its embedded PostgreSQL."""
    from kakehashi.assembly.postgres.cluster import major_version

    print(f"kakehashi {__version__}", f"(PostgreSQL {major_version()} embedded)" if embedded_cluster() else "")
