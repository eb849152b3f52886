"""Every module of measurements, imported so that it registers what it measures."""

from bench import imports, records, sync, tickets

__all__ = ["imports", "records", "sync", "tickets"]
