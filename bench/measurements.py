"""Every module of measurements, imported so that it registers what it measures."""

from bench import deadlines, desk, imports, live_sync, machine, mail, million, records, sheet, statistics, sync, tickets

__all__ = [
    "deadlines",
    "desk",
    "imports",
    "live_sync",
    "machine",
    "mail",
    "million",
    "records",
    "sheet",
    "statistics",
    "sync",
    "tickets",
]
